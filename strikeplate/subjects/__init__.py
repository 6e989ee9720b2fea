"""What is judged: the reference service, an external integration, a vendor's server."""
