package dev.freshet.tests.random.query;

import dev.freshet.tests.random.query.Query.Combine;
import dev.freshet.tests.random.query.Query.Filter;
import dev.freshet.tests.random.query.Query.Scan;
import dev.freshet.tests.random.query.Query.SetKind;
import dev.freshet.tests.random.query.Query.Subquery;
import dev.freshet.tests.random.table.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/// Queries that return the same rows as another one.
public final class Rewritten {
  private Rewritten() {}

  /// Its rows for which a condition holds, does not hold, and is unknown.
  ///
  /// @param types of its columns
  public static Query partitioned(Query query, List<DataType> types, Random random) {
    Query whole = new Subquery(query);
    Scalar condition = new ScalarGenerator(random).condition(types);
    Query yes = new Filter(whole, condition);
    Query no = new Filter(whole, Scalar.apply("(NOT %s)", DataType.BOOL, condition));
    Query unknown = new Filter(whole, Scalar.apply("(%s IS NULL)", DataType.BOOL, condition));
    return union(union(yes, no), unknown);
  }

  private static Query union(Query left, Query right) {
    return new Combine(SetKind.UNION_ALL, left, right);
  }

  /// A query over a view, over the query of that view.
  public static Query inlined(Query query, String view, Query shown) {
    return replaced(query, scan -> scan.table().equals(view), new Subquery(shown));
  }

  /// Every second time that it reads a table, it reads a copy.
  public static Query withCopy(Query query, String table, String copy) {
    boolean[] second = {true};
    return replaced(
        query, scan -> scan.table().equals(table) && (second[0] = !second[0]), new Scan(copy));
  }

  private static Query replaced(Query query, Predicate<Scan> wanted, Query by) {
    if (query instanceof Scan scan) {
      return wanted.test(scan) ? by : scan;
    }
    List<Query> inputs = new ArrayList<>();
    query.inputs().forEach(input -> inputs.add(replaced(input, wanted, by)));
    return query.withInputs(inputs);
  }

  /// A query that returns nothing of what another one does.
  public static Query emptied(Query query) {
    return new Filter(new Subquery(query), new Scalar.Constant(DataType.BOOL, "false"));
  }
}
