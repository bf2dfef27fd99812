package io.serai.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.golden.Folder;
import io.serai.golden.Golden;
import io.serai.golden.Result;
import io.serai.json.StrictJson;
import io.serai.lint.Lint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * The check of a running server, in a process of its own: a line with {@code routes}, {@code folders} and {@code claims} in, a
 * line with {@code findings} out, until the input ends. Not a command: what the command line loads would be waited for.
 */
public final class Check {
    private Check() {}

    public static void main(String[] arguments) throws IOException {
        // What takes longest is read while nobody waits yet.
        CompletableFuture<Void> prepared =
                CompletableFuture.runAsync(Lint::prepare).thenRun(Check::giveBack);
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            JsonNode question = StrictJson.read(line.getBytes(StandardCharsets.UTF_8));
            Path routes = Path.of(question.path("routes").asText());
            Set<String> folders = names(question.path("folders"));
            Set<String> claims = names(question.path("claims"));
            CompletableFuture<ArrayNode> samples =
                    CompletableFuture.supplyAsync(() -> samples(routes, folders, claims));
            prepared.join();
            ArrayNode findings = lint(routes);
            if (findings.isEmpty()) {
                findings.addAll(samples.join());
            }
            ObjectNode answer = StrictJson.mapper().createObjectNode();
            answer.set("findings", findings);
            System.out.write((answer + "\n").getBytes(StandardCharsets.UTF_8));
            System.out.flush();
            giveBack();
        }
    }

    /** It waits for the next edit for days: what it needed meanwhile is the machine's again. */
    private static void giveBack() {
        System.gc();
    }

    private static ArrayNode lint(Path routes) {
        ArrayNode findings = StrictJson.mapper().createArrayNode();
        Lint.check(routes)
                .forEach(each -> add(findings, each.file(), each.line(), each.rule(), each.reason(), each.remedy()));
        return findings;
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new HashSet<>();
        list.forEach(each -> names.add(each.asText()));
        return names;
    }

    private static Set<String> providers(Set<String> folders) {
        String parent = Folder.Kind.PROVIDER.parent() + "/";
        return folders.stream()
                .filter(each -> each.startsWith(parent))
                .map(each -> each.substring(parent.length()))
                .collect(Collectors.toSet());
    }

    private static ArrayNode samples(Path routes, Set<String> folders, Set<String> claims) {
        ArrayNode findings = StrictJson.mapper().createArrayNode();
        if (folders.isEmpty() && claims.isEmpty()) {
            return findings;
        }
        Set<String> edited = providers(folders);
        try (Golden golden = new Golden(routes, false)) {
            for (Folder folder : Folder.all(routes)) {
                String name = folder.kind().parent() + "/" + folder.name();
                List<Result> results = folders.contains(name)
                        ? golden.run(folder)
                        : claims.contains(name) ? golden.claims(folder, edited) : List.of();
                results.stream().filter(each -> !each.passed()).forEach(each -> add(findings, routes, name, each));
            }
        } catch (ConfigurationError e) {
            add(findings, "routes", 0, "sample", e.getMessage(), "Correct it");
        } catch (StackOverflowError e) {
            add(findings, "routes", 0, "sample", "a mapping calls itself without end", "Let it end");
        }
        return findings;
    }

    private static void add(ArrayNode findings, Path routes, String folder, Result result) {
        add(
                findings,
                routes.getFileName() + "/" + folder + "/samples/" + result.sample(),
                0,
                "sample",
                String.join("; ", result.problems()),
                "Correct the mapping, or what is expected: ./serai test "
                        + result.folder().name());
    }

    private static void add(ArrayNode findings, String file, int line, String rule, String reason, String remedy) {
        findings.addObject()
                .put("file", file)
                .put("line", line)
                .put("rule", rule)
                .put("reason", reason)
                .put("remedy", remedy);
    }
}
