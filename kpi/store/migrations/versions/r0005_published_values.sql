-- Nothing has written to kpi_value before.
ALTER TABLE kpi_value
    ADD COLUMN starts_on DATE NOT NULL,
    ADD COLUMN ends_on DATE NOT NULL,
    ADD COLUMN variant TEXT,
    ADD COLUMN target FLOAT,
    ADD COLUMN document TEXT NOT NULL,
    ADD COLUMN basis JSONB NOT NULL;

CREATE TABLE kpi_definition (
    workspace_id INTEGER NOT NULL,
    kpi_key TEXT NOT NULL,
    definition_version INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    variant TEXT,
    formula TEXT NOT NULL,
    first_published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_kpi_definition PRIMARY KEY (workspace_id, kpi_key, definition_version),
    CONSTRAINT fk_kpi_definition_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (workspace_id)
);
