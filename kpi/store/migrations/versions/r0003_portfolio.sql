ALTER TABLE interaction
    ADD COLUMN key TEXT GENERATED ALWAYS AS (CASE WHEN source = 'csv' THEN external_id ELSE source || ':' || external_id END) STORED NOT NULL,
    ADD CONSTRAINT uq_interaction_workspace_id_key UNIQUE (workspace_id, key);

ALTER TABLE account_day
    ALTER COLUMN from_client DROP NOT NULL,
    ALTER COLUMN from_client DROP DEFAULT,
    ALTER COLUMN from_us DROP NOT NULL,
    ALTER COLUMN from_us DROP DEFAULT,
    ADD COLUMN messages_recorded_at TIMESTAMP WITH TIME ZONE,
    SET (fillfactor = 80);
UPDATE account_day SET from_client = NULL, from_us = NULL WHERE from_client = 0 AND from_us = 0;

ALTER TABLE survey
    DROP COLUMN source,
    DROP COLUMN external_id,
    ADD COLUMN key TEXT DEFAULT gen_random_uuid()::text NOT NULL,
    ADD CONSTRAINT uq_survey_workspace_id_key UNIQUE (workspace_id, key);

ALTER TABLE reply
    DROP COLUMN source,
    DROP COLUMN external_id;

ALTER TABLE reply_edit
    ADD COLUMN key TEXT DEFAULT gen_random_uuid()::text NOT NULL,
    ADD CONSTRAINT uq_reply_edit_workspace_id_key UNIQUE (workspace_id, key);

ALTER TABLE revenue
    ADD COLUMN key TEXT DEFAULT '' NOT NULL,
    DROP CONSTRAINT uq_revenue_workspace_id_account_id_kind_starts_on_currency,
    ADD CONSTRAINT uq_revenue_workspace_id_account_id_kind_starts_on_currency_key
        UNIQUE (workspace_id, account_id, kind, starts_on, currency, key);

ALTER TABLE owner ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE;
ALTER TABLE contact
    ADD COLUMN recorded_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN moved_at TIMESTAMP WITH TIME ZONE;

CREATE TABLE account_alias (
    workspace_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    CONSTRAINT fk_account_alias_workspace_id_account_id FOREIGN KEY(workspace_id, account_id) REFERENCES account (workspace_id, account_id),
    CONSTRAINT pk_account_alias PRIMARY KEY (workspace_id, key),
    CONSTRAINT fk_account_alias_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (workspace_id)
);

CREATE TABLE contact_alias (
    workspace_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    contact_id BIGINT NOT NULL,
    CONSTRAINT fk_contact_alias_workspace_id_contact_id FOREIGN KEY(workspace_id, contact_id) REFERENCES contact (workspace_id, contact_id),
    CONSTRAINT pk_contact_alias PRIMARY KEY (workspace_id, key),
    CONSTRAINT fk_contact_alias_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (workspace_id)
);

ALTER TABLE episode
    DROP COLUMN episode_id,
    DROP CONSTRAINT uq_episode_workspace_id_key,
    ADD CONSTRAINT pk_episode PRIMARY KEY (workspace_id, key);
