-- depends: 0004.tests

-- Where in a trace its e-mail belongs (W3C traceparent), while traces are on.
ALTER TABLE notification ADD traceparent text;
ALTER TABLE secret_mail ADD traceparent text;
