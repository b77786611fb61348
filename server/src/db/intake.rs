//! What intake writes: jobs, visits, assignments and the cursor.
