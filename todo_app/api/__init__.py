"""The REST API: thin routes over the services, and the one place where errors become problem+json."""
