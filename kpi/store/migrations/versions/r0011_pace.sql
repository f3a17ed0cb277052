CREATE TABLE send_pace (
    workspace_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_send_pace PRIMARY KEY (workspace_id, key),
    CONSTRAINT fk_send_pace_workspace_id FOREIGN KEY(workspace_id) REFERENCES workspace (workspace_id)
);
