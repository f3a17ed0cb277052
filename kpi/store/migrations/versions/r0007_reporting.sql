-- What the views of the schema reporting cut days and amounts by. The program writes both down when it starts.
ALTER TABLE workspace
    ADD COLUMN timezone TEXT DEFAULT 'UTC' NOT NULL,
    ADD COLUMN currency TEXT DEFAULT 'EUR' NOT NULL;
