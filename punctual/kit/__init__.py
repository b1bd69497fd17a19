"""What no service owns: settings, broker, transactions, tokens, web application, mail, logs."""
