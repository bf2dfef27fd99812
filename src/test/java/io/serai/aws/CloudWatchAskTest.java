package io.serai.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static io.serai.Hub.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.serai.Hub;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** K4, O7, O27: AWS is asked with signed requests, and says by 400 what others say by 401, 403 and 429. */
class CloudWatchAskTest {
    private static final String TARGET = "X-Amz-Target";
    private static final String ALARMS = "GraniteServiceVersion20100801.DescribeAlarms";
    private static final String METRICS = "GraniteServiceVersion20100801.GetMetricData";
    private static final String TEST = "/api/integrations/cloudwatch/test";
    private static final String NONE = "{\"MetricAlarms\": [], \"CompositeAlarms\": []}";
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/[0-9]{8}/eu-central-1/monitoring/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=[0-9a-f]{64}");

    @RegisterExtension
    static final WireMockExtension AWS =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    @TempDir
    static Path folder;

    private static Hub hub;

    @BeforeAll
    static void open() throws Exception {
        String prefix = "serai.provider.cloudwatch.";
        hub = new Hub(
                folder,
                Map.of(
                        prefix + "api-url", AWS.baseUrl(),
                        prefix + "region", "eu-central-1",
                        prefix + "access-key-id", "AKIDEXAMPLE",
                        prefix + "secret-access-key", "secret/canary+1"));
    }

    @AfterAll
    static void close() {
        hub.close();
    }

    private static HttpResponse<String> operator(String path) throws Exception {
        return hub.post(path, "{}", "X-API-KEY", hub.operatorKey());
    }

    private static void alarms(int status, String body) {
        AWS.stubFor(post(urlEqualTo("/"))
                .withHeader(TARGET, equalTo(ALARMS))
                .willReturn(aResponse().withStatus(status).withBody(body)));
    }

    /** The signature of a request as it arrived, made anew. */
    private static String signature(LoggedRequest request, String names) {
        TreeMap<String, String> headers = new TreeMap<>();
        for (String name : names.split(";")) {
            headers.put(name, request.getHeader(name));
        }
        RequestSignature signature = new RequestSignature();
        signature.setRegion("eu-central-1");
        signature.setAccessKey("AKIDEXAMPLE");
        signature.setSecretKey("secret/canary+1");
        return signature.authorization("POST", headers, request.getBody());
    }

    @Test
    void eachScopeIsAskedForByASignedRequest() throws Exception {
        alarms(200, NONE);
        AWS.stubFor(
                post(urlEqualTo("/"))
                        .withHeader(TARGET, equalTo(METRICS))
                        .willReturn(
                                aResponse()
                                        .withStatus(400)
                                        .withBody(
                                                "{\"__type\": \"com.amazon.coral.service#AccessDeniedException\", \"Message\": \"no\"}")));

        JsonNode data = json(operator("/api/providers/cloudwatch/check")).path("data");

        assertThat(data.path("scopes"))
                .extracting(scope -> scope.path("name").asText() + " "
                        + scope.path("granted").asText() + " "
                        + scope.path("failure").asText())
                .containsExactly("cloudwatch:DescribeAlarms true ", "cloudwatch:GetMetricData false auth");
        assertThat(AWS.findAll(postRequestedFor(urlEqualTo("/")))).hasSize(2).allSatisfy(request -> {
            Matcher matcher = AUTHORIZATION.matcher(request.getHeader("Authorization"));
            assertThat(matcher.matches()).as(request.getHeader("Authorization")).isTrue();
            assertThat(matcher.group(1).split(";")).contains("host", "x-amz-date", "x-amz-target", "content-type");
            assertThat(request.getHeader("Content-Type")).isEqualTo("application/x-amz-json-1.0");
            assertThat(signature(request, matcher.group(1))).isEqualTo(matcher.group());
        });
        assertThat(json(operator(TEST)).at("/data/message").asText()).isEqualTo("Connection successful");
    }

    @ParameterizedTest
    @CsvSource({
        "400, com.amazon.coral.service#UnrecognizedClientException, auth",
        "400, InvalidSignatureException, auth",
        "400, ExpiredTokenException, auth",
        "403, AccessDenied, auth",
        "400, ThrottlingException, rate_limit",
        "400, com.amazonaws.cloudwatch.v2010_08_01#InvalidNextToken, api",
        "500, InternalServiceFault, api",
        "200, MetricAlarmsAreNotThere, api"
    })
    void aFailedTestSaysWhatSortOfFailureItIs(int status, String type, String sort) throws Exception {
        alarms(status, "{\"__type\": \"" + type + "\", \"message\": \"their own words secret/canary+1\"}");

        HttpResponse<String> response = operator(TEST);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/details/0/problem").asText()).isEqualTo(sort);
        assertThat(json(response).at("/error/retry_after").asInt()).isEqualTo(sort.equals("rate_limit") ? 60 : 0);
        assertThat(response.body()).doesNotContain("own words", "canary");
    }

    /** K15: a poll that AWS throttles waits, as after a 429. */
    @Test
    void aPollUnderstandsItToo() throws Exception {
        String pull = "/api/providers/cloudwatch/pull";
        alarms(400, "{\"__type\": \"UnrecognizedClientException\"}");
        assertThat(hub.post(pull, "{\"since\": \"hour\"}", "X-API-KEY", hub.operatorKey())
                        .body())
                .contains("refuses the token");
        alarms(400, "{\"__type\": \"ThrottlingException\"}");
        assertThat(hub.post(pull, "{\"since\": \"hour\"}", "X-API-KEY", hub.operatorKey())
                        .body())
                .contains("quota is used up");
        assertThat(hub.post(pull, "{\"since\": \"hour\"}", "X-API-KEY", hub.operatorKey())
                        .body())
                .contains("asked to wait until");
    }

    @Test
    void aRefusalThatIsNotJsonIsOneTheSame() throws Exception {
        alarms(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
        assertThat(json(operator(TEST)).at("/error/details/0/problem").asText()).isEqualTo("auth");
    }

    @Test
    void alarmsOfTheTimeThatIsAskedForAreListed() throws Exception {
        AWS.stubFor(
                post(urlEqualTo("/"))
                        .withHeader(TARGET, equalTo(ALARMS))
                        .willReturn(
                                okJson(
                                        """
                        {"MetricAlarms": [
                          {"AlarmName": "old", "AlarmArn": "arn:aws:cloudwatch:eu-central-1:1:alarm:old", "StateValue": "OK", "StateUpdatedTimestamp": 1931500000},
                          {"AlarmName": "over", "AlarmArn": "arn:aws:cloudwatch:eu-central-1:1:alarm:over", "StateValue": "OK", "StateUpdatedTimestamp": 1931502600.5}],
                         "CompositeAlarms": [
                          {"AlarmName": "hot", "AlarmArn": "arn:aws:cloudwatch:eu-central-1:1:alarm:hot", "StateValue": "ALARM", "StateUpdatedTimestamp": "2031-03-17T08:59:00.100+00:00"}]}""")));
        JsonNode data = json(hub.get(
                        "/api/integrations/cloudwatch/default/alerts?start_time=2031-03-17T08:00:00Z&end_time=2031-03-17T09:00:00Z",
                        "X-API-KEY",
                        hub.operatorKey()))
                .path("data");
        assertThat(data.path("alerts"))
                .extracting(alert -> alert.path("title").asText() + " "
                        + alert.path("status").asText())
                .containsExactlyInAnyOrder("over resolved", "hot firing");
    }
}
