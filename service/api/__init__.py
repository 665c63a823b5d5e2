"""The JSON door, version 1: what programs may rely on. The contract is `/api/v1/openapi.json`."""
