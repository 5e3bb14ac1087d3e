package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.Phrase.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Data_typeContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Frame_boundContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Json_table_columnContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_stmtContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_stmt_no_parensContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.VexContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Vex_bContext;

/// Keeps syntax as written, token by token, but lowers the expressions and queries in it.
final class PhraseLowering {
  private static final Set<String> NO_SPACE_BEFORE = Set.of("(", ")", ",", ".", "[", "]");
  private static final Set<String> NO_SPACE_AFTER = Set.of("(", ".", "[");

  private final Lowering lowering;

  PhraseLowering(Lowering lowering) {
    this.lowering = lowering;
  }

  Phrase lower(ParserRuleContext tree) {
    return lower(tree, 0);
  }

  /// The children of a tree from a place on.
  Phrase lower(ParserRuleContext tree, int from) {
    List<Piece> pieces = new ArrayList<>();
    tree.children.stream().skip(from).forEach(child -> add(child, pieces));
    int start = first(tree.getChild(from)).getStartIndex();
    return new Phrase(new Span(start, tree.getStop().getStopIndex() + 1), List.copyOf(pieces));
  }

  TypeName type(Data_typeContext tree) {
    if (tree.SETOF() != null) {
      throw Refusal.syntax(lowering.source, tree.SETOF().getSymbol());
    }
    return new TypeName(Span.of(tree), text(tree));
  }

  /// The tokens of a tree without comments, on one line.
  String text(ParserRuleContext tree) {
    StringBuilder text = new StringBuilder();
    addText(tree, text);
    return text.toString();
  }

  private void add(ParseTree tree, List<Piece> pieces) {
    switch (tree) {
      case TerminalNode leaf -> pieces.add(new Piece.Word(leaf.getText()));
      case Select_stmtContext query -> pieces.add(new Piece.Rows(lowering.queries.lower(query)));
      case Select_stmt_no_parensContext query ->
          pieces.add(new Piece.Rows(lowering.queries.lower(query)));
      case VexContext value when isName(value) -> pieces.add(new Piece.Word(text(value)));
      case VexContext value -> pieces.add(new Piece.Value(lowering.expressions.lower(value)));
      case Vex_bContext value -> pieces.add(new Piece.Value(lowering.expressions.lower(value)));
      default -> children(tree).forEach(child -> add(child, pieces));
    }
  }

  /// Whether the grammar takes a word for an expression that is none.
  private static boolean isName(VexContext tree) {
    boolean first = tree.getParent().getChild(0).equals(tree);
    return switch (tree.getParent()) {
      case Json_table_columnContext column -> first;
      case Frame_boundContext bound -> tree.getStart().getType() == SQLLexer.UNBOUNDED;
      default -> false;
    };
  }

  private static void addText(ParseTree tree, StringBuilder text) {
    if (tree instanceof TerminalNode leaf) {
      String word = leaf.getText();
      String last = text.isEmpty() ? "(" : text.substring(text.length() - 1);
      boolean space = !NO_SPACE_BEFORE.contains(word) && !NO_SPACE_AFTER.contains(last);
      text.append(space ? " " : "").append(word);
    } else {
      children(tree).forEach(child -> addText(child, text));
    }
  }

  private static List<ParseTree> children(ParseTree tree) {
    return tree instanceof ParserRuleContext rule && rule.children != null
        ? rule.children
        : List.of();
  }

  private static Token first(ParseTree tree) {
    return tree instanceof TerminalNode leaf
        ? leaf.getSymbol()
        : ((ParserRuleContext) tree).getStart();
  }
}
