package dev.freshet.tests.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/// Clients that repeat transactions for a while; the result is how many they commit in a second.
record Crowd(Database database, int clients, int seconds) {

  /// @param transaction the statements of a client by its number, in one string
  double run(IntFunction<String> transaction) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> counts = new ArrayList<>();
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      for (int i = 0; i < clients; i++) {
        String statements = transaction.apply(i);
        counts.add(threads.submit(() -> repeat(statements, end)));
      }
      int sum = 0;
      for (Future<Integer> count : counts) {
        sum += count.get();
      }
      return (double) sum / seconds;
    }
  }

  private int repeat(String statements, long end) throws Exception {
    try (Database.Session session = database.open("simple")) {
      int committed = 0;
      while (System.nanoTime() < end) {
        session.execute(statements);
        committed++;
      }
      return committed;
    }
  }
}
