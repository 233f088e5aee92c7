//! How wharf speaks HTTP: one retry loop, three time-outs, pages, redaction; credentials to the configured origin only.
