package dev.freshet.compiler.explain;

import dev.freshet.compiler.sql.SqlLayout;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A generated function as lines for people: the statements that it executes are broken at their
/// clauses.
public final class FunctionLayout {
  private static final Pattern STATEMENT = Pattern.compile("\\$s\\$(.*?)\\$s\\$", Pattern.DOTALL);
  private static final int INDENT = 6;

  private FunctionLayout() {}

  public static List<String> lines(String function) {
    return STATEMENT
        .matcher(function)
        .replaceAll(
            found -> Matcher.quoteReplacement("$s$" + SqlLayout.of(found.group(1), INDENT) + "$s$"))
        .lines()
        .toList();
  }
}
