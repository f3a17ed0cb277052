-- What this workspace's Slack draws itself, and since when that is known.
ALTER TABLE workspace ADD COLUMN rung TEXT;
ALTER TABLE workspace ADD COLUMN rung_learnt_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE workspace ADD CONSTRAINT ck_workspace_rung CHECK (rung IN ('native', 'table', 'text'));

-- The rung a delivery was put down to after Slack refused it a higher one.
ALTER TABLE delivery ADD COLUMN rung TEXT;
ALTER TABLE delivery ADD CONSTRAINT ck_delivery_rung CHECK (rung IN ('native', 'table', 'text'));

ALTER TABLE delivery DROP CONSTRAINT ck_delivery_kind;
ALTER TABLE delivery ADD CONSTRAINT ck_delivery_kind
    CHECK (kind IN ('survey', 'thanks', 'digest', 'alert', 'answer', 'notice', 'share', 'picture'));
