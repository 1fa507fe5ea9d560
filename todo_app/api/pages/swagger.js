// Starts Swagger UI. A file of its own, since the pages' policy allows no inline script.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  validatorUrl: null, // it would send the document to another site
});
