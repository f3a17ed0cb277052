ALTER TABLE target
    ALTER COLUMN value DROP NOT NULL,
    DROP CONSTRAINT uq_target_workspace_id_kpi_key_scope_kind_scope_id_valid_from;
CREATE INDEX ix_target_workspace_id_kpi_key_scope_kind_scope_id_valid_from
    ON target (workspace_id, kpi_key, scope_kind, scope_id, valid_from);

ALTER TABLE change_marker
    ADD COLUMN kpi_keys TEXT[] DEFAULT '{}' NOT NULL,
    ALTER COLUMN results TYPE JSON,
    ADD CONSTRAINT uq_change_marker_workspace_id_what_changed_on_scope_kin_8c72
        UNIQUE (workspace_id, what, changed_on, scope_kind, scope_id);
