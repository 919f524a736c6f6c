using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Models;

/// <summary>What reaches a collector of the test's own, which reads OTLP as it is written.</summary>
public sealed class ServeTelemetryTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_collector_gets_metrics_and_traces_of_requests()
    {
        using var collector = new Collector();
        using ServiceProcess service = await ServiceProcess.Start(
            await SmallData.Model(_folder), environment: new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "60000",
                ["OTEL_SERVICE_NAME"] = "mail-filter",
                ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=test",
            });
        using (HttpResponseMessage response = await service.Post("{\"rows\": [[0.9, 0.2], [-1, 0.5], [1, 1]]}", Cancellation))
            Assert.True(response.IsSuccessStatusCode);
        using (HttpResponseMessage response = await service.Post("{", Cancellation))
            Assert.False(response.IsSuccessStatusCode);
        await service.Terminate(); // What is left is sent before it ends.
        Assert.Equal(0, (await service.Finish()).ExitCode);
        IReadOnlyList<Metric> metrics = [.. collector.Received("/v1/metrics").SelectMany(Metric.In)];
        Assert.Equal(3, Value("certiflip.rows", ""));
        Assert.Equal(1, Value("certiflip.refusals", "certiflip.refusal.reason=invalid"));
        Assert.Equal(1, Value("certiflip.model.loads", "certiflip.load.outcome=loaded"));
        Assert.Equal(3, Count("certiflip.radius", "certiflip.certificate=exact"));
        Assert.InRange(Value("certiflip.radius", "certiflip.certificate=exact"), 3, 60); // 40 rows, 20 of each class.
        foreach (string stage in (string[])["receive", "parse", "certify", "load_model"])
        {
            Assert.InRange(Count("certiflip.stage.duration", $"certiflip.stage={stage}"), 1, 2);
            Assert.InRange(Value("certiflip.stage.duration", $"certiflip.stage={stage}"), 0, 20);
        }

        Assert.Equal(2, Count("http.server.request.duration", "http.route=/v1/certify"));
        string resource = string.Concat(collector.Received("/v1/metrics").Select(body => Encoding.Latin1.GetString(body)));
        Assert.Contains("mail-filter", resource, StringComparison.Ordinal);
        Assert.Contains("deployment.environment.name", resource, StringComparison.Ordinal);
        string traces = string.Concat(collector.Received("/v1/traces").Select(body => Encoding.Latin1.GetString(body)));
        foreach (string name in (string[])["certiflip certify", "certiflip parse", "certiflip load_model", "Microsoft.AspNetCore"])
            Assert.Contains(name, traces, StringComparison.Ordinal);

        double Value(string name, string tag) => Of(name, tag).Sum(metric => metric.Sum);
        long Count(string name, string tag) => Of(name, tag).Sum(metric => metric.Count);
        IEnumerable<Metric> Of(string name, string tag) =>
            metrics.Where(metric => metric.Name == name && metric.Tags.Contains(tag, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("OTEL_SDK_DISABLED", "true")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "")]
    public async Task Nothing_is_sent_where_it_is_turned_off(string name, string value)
    {
        using var collector = new Collector();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            [name] = value,
        };
        using ServiceProcess service = await ServiceProcess.Start(await SmallData.Model(_folder), environment: environment);
        using (HttpResponseMessage response = await service.Post("{\"rows\": [[0.9, 0.2]]}", Cancellation))
            Assert.True(response.IsSuccessStatusCode);
        await service.Terminate();
        Assert.Equal(0, (await service.Finish()).ExitCode);
        Assert.Empty(collector.Received(""));
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "grpc or http/protobuf")]
    [InlineData("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "HTTP/protobuf", "grpc or http/protobuf")]
    [InlineData("OTEL_METRIC_EXPORT_INTERVAL", "abc", "milliseconds, a whole number above 0")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "-1", "milliseconds, a whole number above 0")]
    [InlineData("OTEL_TRACES_SAMPLER", "sometimes", "always_on, always_off, traceidratio, ")]
    [InlineData("OTEL_TRACES_SAMPLER_ARG", "2", "a number from 0 to 1")]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "my-key", "name=value, or several with commas between them")]
    [InlineData("OTEL_METRICS_EXPORTER", "console", "otlp or none")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost", "the address of a collector")]
    public async Task Variables_that_nothing_can_be_made_of_are_wrong_usage(string name, string value, string expected)
    {
        using CommandProcess serve = CommandProcess.Start(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1", [name] = value },
            "serve", "--model", await SmallData.Model(_folder), "--port", "0");
        Invocation refused = await serve.Finish();
        Assert.Equal(2, refused.ExitCode);
        string found = name.EndsWith("HEADERS", StringComparison.Ordinal) ? "something else" : $"'{value}'"; // It may be a secret.
        Assert.Contains($"{name} is {found}: expected {expected}", refused.LastError, StringComparison.Ordinal);
    }

    /// <summary>An HTTP server that keeps what it gets, and says that all is well.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = [];

        public Collector()
        {
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }

            _listener.Prefixes.Add($"{Address}/");
            _listener.Start();
            _ = Receive();
        }

        public string Address { get; }

        public IEnumerable<byte[]> Received(string path) =>
            _received.Where(entry => entry.Path.StartsWith(path, StringComparison.Ordinal)).Select(entry => entry.Body);

        public void Dispose() => _listener.Close();

        private async Task Receive()
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
    }

    /// <summary>A series of a metric in one report: a sum, or a histogram's sum and count.</summary>
    private sealed record Metric(string Name, string Tags, double Sum, long Count)
    {
        private static readonly bool[] _kinds = [false, true];

        /// <summary>
        /// ExportMetricsServiceRequest: resource_metrics 1, scope_metrics 2, metrics 2; a metric has name 1, and sum 7
        /// or histogram 9 with data_points 1.
        /// </summary>
        public static IEnumerable<Metric> In(byte[] request) =>
            from resource in Fields(request, 1)
            from scope in Fields(resource, 2)
            from metric in Fields(scope, 2)
            let name = Encoding.UTF8.GetString(Fields(metric, 1).Single())
            from isHistogram in _kinds
            from data in Fields(metric, isHistogram ? 9 : 7)
            from point in Fields(data, 1)
            select Of(name, point, isHistogram);

        /// <summary>
        /// NumberDataPoint: as_double 4, as_int 6, attributes 7. HistogramDataPoint: count 4, sum 5, attributes 9.
        /// </summary>
        private static Metric Of(string name, byte[] point, bool isHistogram)
        {
            IEnumerable<string> tags = Fields(point, isHistogram ? 9 : 7).Select(attribute =>
                Encoding.UTF8.GetString(Fields(attribute, 1).Single()) + "="
                    + string.Concat(Fields(attribute, 2).SelectMany(value => Fields(value, 1)).Select(Encoding.UTF8.GetString)));
            double sum = isHistogram
                ? Fields(point, 5).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes)).SingleOrDefault()
                : Fields(point, 6).Select(bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)).SingleOrDefault()
                    + Fields(point, 4).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes)).SingleOrDefault();
            long count = isHistogram
                ? Fields(point, 4).Select(bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)).SingleOrDefault()
                : 0;
            return new Metric(name, string.Join(' ', tags), sum, count);
        }

        /// <summary>The contents of every field of a number in a message of Protocol Buffers.</summary>
        private static IEnumerable<byte[]> Fields(byte[] message, int number)
        {
            for (int at = 0; at < message.Length;)
            {
                ulong key = Varint(message, ref at);
                int start = at;
                switch (key & 7)
                {
                    case 0:
                        _ = Varint(message, ref at);
                        break;
                    case 1:
                        at += sizeof(ulong);
                        break;
                    case 2:
                        int length = (int)Varint(message, ref at);
                        start = at;
                        at += length;
                        break;
                    case 5:
                        at += sizeof(uint);
                        break;
                    default:
                        throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"Wire type {key & 7}."));
                }

                if ((int)(key >> 3) == number)
                    yield return message[start..at];
            }
        }

        private static ulong Varint(byte[] message, ref int at)
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = message[at++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }
}
