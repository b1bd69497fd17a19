"""Bad input, at every door: generated from the API's document, from properties, and by hand."""
