"""All the rules. Plain functions: `(session, actor, …)` in, schemas out, typed errors raised; they flush and never commit."""
