// The fakes in a container, for JUnit 5 with Testcontainers.
//
//   docker build -t strikeplate .          in a checkout of Strikeplate, once
//
//   @Container static final Fakes fakes = new Fakes();
//   ... new NukiClient(fakes.url() + "/nuki") ...
//   fakes.control("/demo/clock", "{\"advance\": \"PT1M\"}");
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

public class Fakes extends GenericContainer<Fakes> {
    private static final String TOKEN = "s3same";
    private static final int PORT = 8700;

    public Fakes() {
        super(DockerImageName.parse("strikeplate"));
        withEnv("STRIKEPLATE_CONTROL_TOKEN", TOKEN);
        withExposedPorts(PORT);
        waitingFor(Wait.forHttp("/healthz").forPort(PORT));
    }

    public String url() {
        return "http://" + getHost() + ":" + getMappedPort(PORT);
    }

    /** Calls the control interface with a JSON body, and returns the JSON that it answers. */
    public String control(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/_sim/worlds" + path))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            throw new IllegalStateException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }
}
