"""Every way in which a file, or a warehouse, breaks the contract."""
