package dev.freshet.compiler.sql;

import dev.freshet.compiler.sql.Query.Body;
import dev.freshet.compiler.sql.Query.CommonTable;
import dev.freshet.compiler.sql.Query.Limit;
import dev.freshet.compiler.sql.Query.Materialization;
import dev.freshet.compiler.sql.Query.SetOperator;
import dev.freshet.compiler.sql.Query.SortKey;
import dev.freshet.compiler.sql.Query.With;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLLexer;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.After_opsContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_opsContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_ops_no_parensContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_primaryContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_stmtContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.Select_stmt_no_parensContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.With_clauseContext;
import org.pgcodekeeper.core.parsers.antlr.pg.generated.SQLParser.With_queryContext;

/// Lowers whole queries: WITH, set operations, ORDER BY and LIMIT.
final class QueryLowering {
  private final Lowering lowering;

  QueryLowering(Lowering lowering) {
    this.lowering = lowering;
  }

  Query lower(Select_stmtContext tree) {
    return lower(tree, tree.with_clause(), () -> lower(tree.select_ops()), tree.after_ops());
  }

  Query lower(Select_stmt_no_parensContext tree) {
    return lower(
        tree, tree.with_clause(), () -> lower(tree.select_ops_no_parens()), tree.after_ops());
  }

  private Query lower(
      ParserRuleContext tree,
      @Nullable With_clauseContext with,
      Supplier<Body> body,
      List<After_opsContext> clauses) {
    lowering.enterQuery();
    With lowered = with == null ? With.NONE : lowerWith(with);
    Query query =
        new Query(Span.of(tree), lowered, body.get(), lowerOrder(clauses), lowerLimit(clauses));
    lowering.leaveQuery();
    return query;
  }

  private With lowerWith(With_clauseContext tree) {
    boolean recursive = tree.RECURSIVE() != null;
    if (recursive) {
      tree.with_query().forEach(q -> lowering.addCommonTable(lowering.names.name(q.query_name)));
    }
    List<CommonTable> tables = new ArrayList<>();
    for (With_queryContext query : tree.with_query()) {
      tables.add(lowerCommonTable(query));
      lowering.addCommonTable(tables.getLast().name().name().name());
    }
    return new With(recursive, tables);
  }

  private CommonTable lowerCommonTable(With_queryContext tree) {
    if (tree.data_statement().select_stmt() == null) {
      throw lowering.notSupported(
          tree.data_statement(),
          "materialized views must not use data-modifying statements in WITH");
    }
    QualifiedName name = QualifiedName.of(lowering.names.name(tree.query_name));
    return new CommonTable(
        new ObjectName(name, Span.of(tree.query_name)),
        lowering.names.names(tree.column_name),
        materialization(tree),
        lower(tree.data_statement().select_stmt()),
        lowerRecursion(tree));
  }

  private static Materialization materialization(With_queryContext tree) {
    if (tree.MATERIALIZED() == null) {
      return Materialization.DEFAULT;
    }
    return tree.NOT() == null ? Materialization.MATERIALIZED : Materialization.NOT_MATERIALIZED;
  }

  private @Nullable Phrase lowerRecursion(With_queryContext tree) {
    for (int i = 0; i < tree.getChildCount(); i++) {
      int type = Lowering.type(tree.getChild(i));
      if (type == SQLLexer.SEARCH || type == SQLLexer.CYCLE) {
        return lowering.phrases.lower(tree, i);
      }
    }
    return null;
  }

  Body lower(Select_opsContext tree) {
    if (tree.select_primary() != null) {
      return lowering.selects.lower(tree.select_primary());
    }
    return tree.select_stmt() != null ? lowerNested(tree.select_stmt()) : lowerChain(tree);
  }

  private Body lower(Select_ops_no_parensContext tree) {
    return tree.select_ops() == null
        ? lowering.selects.lower(tree.select_primary())
        : lowerChain(tree);
  }

  /// A query in parentheses, which are needed only around clauses of its own.
  private Body lowerNested(Select_stmtContext tree) {
    Query query = lower(tree);
    boolean bare =
        query.with().tables().isEmpty() && query.orderBy().isEmpty() && query.limit().isNone();
    return bare ? query.body() : new Query.Nested(Span.of(tree), query);
  }

  /// Set operations from left to right; the grammar does not know that INTERSECT binds tighter.
  private Body lowerChain(ParserRuleContext tree) {
    List<Body> operands = new ArrayList<>();
    List<Link> links = new ArrayList<>();
    flatten(tree, operands, links);
    for (int i = 0; i < links.size(); ) {
      i = links.get(i).operator == SetOperator.INTERSECT ? join(operands, links, i) : i + 1;
    }
    while (!links.isEmpty()) {
      join(operands, links, 0);
    }
    return operands.getFirst();
  }

  private record Link(SetOperator operator, boolean all) {}

  /// Replaces two neighbours by their combination; returns the place of the next link.
  private static int join(List<Body> operands, List<Link> links, int at) {
    Link link = links.remove(at);
    Body left = operands.get(at);
    Body right = operands.remove(at + 1);
    Span span = new Span(left.span().start(), right.span().end());
    operands.set(at, new Query.SetOperation(span, link.operator, link.all, left, right));
    return at;
  }

  private void flatten(ParserRuleContext tree, List<Body> operands, List<Link> links) {
    for (ParseTree child : tree.children) {
      switch (child) {
        case Select_opsContext operand when isChain(operand) -> flatten(operand, operands, links);
        case Select_opsContext operand -> operands.add(lower(operand));
        case Select_primaryContext operand -> operands.add(lowering.selects.lower(operand));
        case Select_stmtContext operand -> operands.add(lowerNested(operand));
        default -> addLink(child, links);
      }
    }
  }

  private static boolean isChain(Select_opsContext tree) {
    return tree.select_primary() == null && tree.select_stmt() == null;
  }

  private static void addLink(ParseTree child, List<Link> links) {
    switch (Lowering.type(child)) {
      case SQLLexer.UNION -> links.add(new Link(SetOperator.UNION, false));
      case SQLLexer.INTERSECT -> links.add(new Link(SetOperator.INTERSECT, false));
      case SQLLexer.EXCEPT -> links.add(new Link(SetOperator.EXCEPT, false));
      default -> {
        if (child.getText().equalsIgnoreCase("ALL")) {
          links.set(links.size() - 1, new Link(links.getLast().operator, true));
        }
      }
    }
  }

  private List<SortKey> lowerOrder(List<After_opsContext> clauses) {
    After_opsContext clause = only(clauses, SQLLexer.ORDER);
    return clause == null ? List.of() : lowering.selects.lowerOrder(clause.orderby_clause());
  }

  private Limit lowerLimit(List<After_opsContext> clauses) {
    After_opsContext limit = only(clauses, SQLLexer.LIMIT, SQLLexer.FETCH);
    After_opsContext offset = only(clauses, SQLLexer.OFFSET);
    After_opsContext lock = only(clauses, SQLLexer.FOR);
    if (lock != null) {
      throw lowering.notSupported(lock, "row locks are not allowed in the query of a view");
    }
    return new Limit(
        limit == null ? null : lowerCount(limit),
        limit != null && limit.TIES() != null,
        offset == null ? null : lowering.expressions.lower(offset.vex()));
  }

  /// `LIMIT ALL` counts to NULL and `FETCH FIRST ROW ONLY` to one.
  private Expression lowerCount(After_opsContext tree) {
    if (tree.vex() != null) {
      return lowering.expressions.lower(tree.vex());
    }
    Span span = Span.of(tree);
    return tree.ALL() != null
        ? new Expression.Constant(span, Expression.ConstantKind.NULL, "NULL")
        : new Expression.Constant(span, Expression.ConstantKind.NUMBER, "1");
  }

  /// The clause that begins with one of some words; null when there is none.
  private @Nullable After_opsContext only(List<After_opsContext> clauses, Integer... words) {
    List<After_opsContext> found =
        clauses.stream()
            .filter(clause -> List.of(words).contains(clause.getStart().getType()))
            .toList();
    if (found.size() > 1) {
      throw Refusal.syntax(lowering.source, found.get(1).getStart());
    }
    return found.isEmpty() ? null : found.getFirst();
  }
}
