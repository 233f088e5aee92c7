//! Where the documents contradict each other: one test per contradiction that concerns a client.
