package dev.freshet.app.demo;

import javax.sql.DataSource;

/// Makes a data source for a libpq URL.
@FunctionalInterface
public interface ServerConnector {
  DataSource connect(String url);
}
