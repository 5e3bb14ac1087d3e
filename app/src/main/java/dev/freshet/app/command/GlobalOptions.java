package dev.freshet.app.command;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options that every command has; they may stand before or after its name.
final class GlobalOptions {
  /// When output is coloured.
  enum Colour {
    AUTO,
    ALWAYS,
    NEVER
  }

  @Option(
      names = "--url",
      scope = ScopeType.INHERIT,
      paramLabel = "URL",
      description = {
        "The database: postgresql://user@host:port/db?sslmode=... or jdbc:postgresql:...",
        "Default: PGHOST, PGDATABASE, PGUSER and so on; else the embedded database if it runs."
      })
  @Nullable String url;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Results and errors as JSON: snake_case, seconds, bytes, ISO 8601 times.")
  boolean json;

  @Option(
      names = "--color",
      scope = ScopeType.INHERIT,
      paramLabel = "WHEN",
      description = "auto, always or never. auto honours NO_COLOR.")
  Colour color = Colour.AUTO;

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      description = "No notes and no progress; results and errors only.")
  boolean quiet;

  @Option(
      names = {"-h", "--help"},
      scope = ScopeType.INHERIT,
      usageHelp = true,
      description = "Shows this help, or that of a command.")
  boolean help;
}
