package dev.freshet.compiler.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/// Breaks a long statement into lines at its clauses. Only blanks between tokens change.
public final class SqlLayout {
  private static final int WIDTH = 100;

  /// Words that begin a clause.
  private static final Set<String> CLAUSES =
      Set.of("FROM", "WHERE", "GROUP", "HAVING", "UNION", "LEFT", "CROSS", "SET", "USING", "ON");

  /// Words before which a condition or a CASE may be broken.
  private static final Set<String> BETWEEN = Set.of("AND", "OR", "WHEN", "ELSE");

  private final String text;
  private final List<Token> tokens;
  private final StringBuilder out = new StringBuilder();

  private SqlLayout(String text) {
    this.text = text;
    this.tokens = SqlScanner.scan(SqlText.of(text));
  }

  /// The statement, in lines of moderate width where it can be broken.
  ///
  /// @param indent blanks before each line but the first
  public static String of(String statement, int indent) {
    SqlLayout layout = new SqlLayout(statement.replace('\n', ' '));
    int last = layout.tokens.size() - 1;
    if (last == 0 || statement.length() + indent <= WIDTH) {
      return statement;
    }
    layout.write(0, last, indent);
    String blanks = statement.substring(0, layout.tokens.getFirst().getStartIndex());
    return blanks + layout.out + (statement.endsWith(" ") ? " " : "");
  }

  /// Writes some tokens, end exclusive; on one line if they fit.
  private void write(int from, int to, int indent) {
    if (from < to && length(from, to) + indent <= WIDTH) {
      out.append(slice(from, to));
      return;
    }
    List<Integer> starts = clauses(from, to);
    for (int i = 0; i < starts.size(); i++) {
      int end = i + 1 < starts.size() ? starts.get(i + 1) : to;
      if (i > 0) {
        newLine(indent);
      }
      writeClause(starts.get(i), end, indent);
    }
  }

  /// Where clauses begin that are not inside parentheses.
  private List<Integer> clauses(int from, int to) {
    List<Integer> starts = new ArrayList<>(List.of(from));
    for (int i = next(from); i < to; i = next(i)) {
      if (begins(i) && i > from) {
        starts.add(i);
      }
    }
    return starts;
  }

  private boolean begins(int i) {
    String word = word(i);
    boolean select = word.equals("SELECT") && i > 0 && !word(i - 1).equals("ALL");
    boolean filter = word.equals("WHERE") && i > 0 && word(i - 1).equals("(");
    return (CLAUSES.contains(word) || select) && !filter;
  }

  /// Items are filled into lines; what is too long for a line of its own is taken apart.
  private void writeClause(int from, int to, int indent) {
    int column = indent;
    int inner = indent + 2;
    for (int i = from; i < to; i = itemEnd(i, to)) {
      int end = itemEnd(i, to);
      int width = length(i, end) + 1;
      if (i > from && column + width > WIDTH) {
        newLine(inner);
        column = inner;
      } else if (i > from && gap(i)) {
        out.append(' ');
      }
      if (column + width > WIDTH) {
        writeItem(i, end, inner);
      } else {
        out.append(slice(i, end));
      }
      column += width;
    }
  }

  /// After the next comma or before the next AND, OR, WHEN or ELSE outside of parentheses.
  private int itemEnd(int from, int to) {
    for (int i = next(from); i < to; i = next(i)) {
      if (word(i).equals(",")) {
        return Math.min(i + 1, to);
      }
      if (BETWEEN.contains(word(i))) {
        return i;
      }
    }
    return to;
  }

  /// Long parentheses get lines of their own.
  private void writeItem(int from, int to, int indent) {
    for (int i = from; i < to; i = next(i)) {
      int end = Math.min(next(i), to);
      if (i > from && gap(i)) {
        out.append(' ');
      }
      if (length(i, end) + indent > WIDTH) {
        writeParentheses(i, end, indent);
      } else {
        out.append(slice(i, end));
      }
    }
  }

  private void writeParentheses(int from, int to, int indent) {
    out.append('(');
    newLine(indent);
    write(from + 1, to - 1, indent);
    out.append(')');
  }

  private void newLine(int indent) {
    out.append('\n').append(" ".repeat(indent));
  }

  /// The token after this one, or after the parentheses that begin here.
  private int next(int i) {
    int depth = 0;
    int last = tokens.size() - 1;
    for (int j = i; j < last; j++) {
      depth += word(j).equals("(") ? 1 : word(j).equals(")") ? -1 : 0;
      if (depth <= 0) {
        return j + 1;
      }
    }
    return last;
  }

  private boolean gap(int i) {
    return tokens.get(i).getStartIndex() > tokens.get(i - 1).getStopIndex() + 1;
  }

  private String word(int i) {
    return slice(i, i + 1);
  }

  private int length(int from, int to) {
    return slice(from, to).length();
  }

  private String slice(int from, int to) {
    return from >= to
        ? ""
        : text.substring(tokens.get(from).getStartIndex(), tokens.get(to - 1).getStopIndex() + 1);
  }
}
