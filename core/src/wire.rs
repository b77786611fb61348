//! The binary message of `POST /api/sync`: one for all documents, in both directions. `docs/PROTOCOL.md`.
