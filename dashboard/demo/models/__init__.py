"""The operator's 24 models, by what they look after."""
