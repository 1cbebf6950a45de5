"""What each ONNX operator is here; importing a module registers its converters."""
