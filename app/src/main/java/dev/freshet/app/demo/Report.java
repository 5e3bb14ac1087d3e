package dev.freshet.app.demo;

import dev.freshet.ViewSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The report that the demo is about: the view file of the README.
final class Report {
  static final String VIEW = "monthly_revenue_summary";
  static final String NATIVE = "monthly_revenue_native";
  static final String FILE = "examples/views/monthly_revenue_summary.sql";

  /// From the keyword that ends the options to the semicolon that ends the statement.
  private static final Pattern QUERY = Pattern.compile("\\) AS\\s(SELECT.*?);", Pattern.DOTALL);

  private Report() {}

  static ViewSource source() {
    String resource = FILE.substring(FILE.lastIndexOf('/') + 1);
    try (InputStream in = Report.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("resource " + resource + " is missing");
      }
      return new ViewSource(FILE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The query of the view file, for comparing.
  static String query() {
    Matcher matcher = QUERY.matcher(source().text());
    if (!matcher.find()) {
      throw new IllegalStateException("no query in " + FILE);
    }
    return matcher.group(1);
  }
}
