"""From what was delivered to measures, findings and colours, and the memory that carries over."""
