// Shows the OpenAPI document of this site, and asks nobody else for anything.

function init() {
  const place = document.querySelector(".api-docs");
  window.SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null,
    persistAuthorization: false,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
  });
}

init();
