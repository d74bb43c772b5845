"""The OpenAPI description of the endpoints for leads and for Vapi."""
