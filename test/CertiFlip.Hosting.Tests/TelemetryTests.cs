using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using CertiFlip.Auditing;
using CertiFlip.Data;
using CertiFlip.Hosting.Tests.Support;

namespace CertiFlip.Hosting.Tests;

/// <summary>
/// What meters and activities say, in the library and in a host, and that docs/telemetry.md says it too.
/// </summary>
public sealed partial class TelemetryTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = [];
    private readonly ConcurrentDictionary<string, Instrument> _instruments = [];

    public TelemetryTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != CertiFlipTelemetry.Name)
                return;
            _instruments[instrument.Name] = instrument;
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    private static string Page => File.ReadAllText(Repository.File("docs", "telemetry.md"));

    [Fact]
    public async Task A_request_is_counted_with_its_radii_and_the_time_of_each_stage()
    {
        string path = SmallModel.Write(_folder), expected = SmallModel.Expected(path).Answer;
        await using TestHost host = await TestHost.Start(path);
        _measured.Clear();
        using (HttpResponseMessage response = await host.Post("{\"rows\": [[0.9, 0.2], [-1, 0.5]], \"witness\": true}"))
            Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(2, Sum("certiflip.rows"));
        foreach (string certificate in (string[])["kl", "tight", "structured", "exact"])
            Assert.Equal(2, Of("certiflip.radius", $"certiflip.certificate={certificate}").Length);
        (_, double radius, _) = Of("certiflip.radius", "certiflip.certificate=exact")[0];
        Assert.Equal(expected.Split(' ')[1], $"{radius}");
        foreach (string stage in (string[])["receive", "parse", "certify"])
            Assert.InRange(Assert.Single(Of("certiflip.stage.duration", $"certiflip.stage={stage}")).Value, 0, 10);
        Assert.Equal(2, Of("certiflip.stage.duration", "certiflip.stage=witness").Length);
        Assert.Equal(0, Sum("certiflip.refusals"));
    }

    [Fact]
    public async Task Refusals_have_a_reason_and_models_an_outcome()
    {
        string path = SmallModel.Write(_folder);
        await using TestHost host = await TestHost.Start(path, options => options.MaxRows = 1);
        foreach (string body in (string[])["{", "{\"rows\": [[1, 2], [1, 2]]}"])
            (await host.Post(body)).Dispose();
        await host.Client.PostAsync("/v1/certify", new StringContent("x"), TestContext.Current.CancellationToken);
        foreach (string reason in (string[])["invalid", "too_large", "media_type"])
            Assert.Single(Of("certiflip.refusals", $"certiflip.refusal.reason={reason}"));
        File.WriteAllText(path, "this is no model, and never was one; it is long enough to be looked at");
        await TestHost.Until(() => Task.FromResult(Of("certiflip.model.loads", "certiflip.load.outcome=refused").Length == 1));
        Assert.Single(Of("certiflip.model.loads", "certiflip.load.outcome=loaded"));
    }

    /// <summary>One is certified at a time; what waits is counted, and nothing is left of it.</summary>
    [Fact]
    public async Task The_queue_is_as_long_as_what_waits()
    {
        await using TestHost host = await TestHost.Start(
            SmallModel.Write(_folder, rows: 4000), options => (options.MaxConcurrent, options.MaxRows) = (1, 1_000_000));
        string body = $"{{\"rows\": [{string.Join(',', Enumerable.Repeat("[0.9,0.2]", 300))}]}}";
        HttpResponseMessage[] responses = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => host.Post(body)));
        Assert.All(responses, response => Assert.True(response.IsSuccessStatusCode));
        double[] changes = [.. Of("certiflip.queue.length").Select(change => change.Value)];
        Assert.Contains(1, changes);
        Assert.Equal(0, changes.Sum());
        Assert.Equal(changes.Length / 2, Of("certiflip.stage.duration", "certiflip.stage=wait").Length);
    }

    [Fact]
    public void The_library_has_activities_for_what_takes_time()
    {
        ConcurrentQueue<Activity> ended = [];
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == CertiFlipTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        string path = SmallModel.Write(_folder);
        TrainedModel model = TrainedModelFile.Restore(StoredModel.Read(path));
        new Certifier(model.Head, model.Labels).CertifyBatch(
            model.Training.Features, cancellationToken: TestContext.Current.CancellationToken);
        new Auditor((ILeaveOneOutHead)model.Head, model.Labels).Audit(
            model.Training.Features, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "certiflip fit 40", "certiflip read_model ", "certiflip restore_model ", "certiflip certify 40", "certiflip audit 40",
            ],
            ended.Select(activity => $"{activity.OperationName} {activity.GetTagItem("certiflip.rows")}"));
        foreach (string stage in (string[])["fit", "read_model", "restore_model", "certify", "audit"])
            Assert.NotEmpty(Of("certiflip.stage.duration", $"certiflip.stage={stage}"));
    }

    /// <summary>Name, kind and unit of every instrument.</summary>
    [Fact]
    public async Task The_page_lists_the_instruments_as_they_are()
    {
        await using (TestHost host = await TestHost.Start(SmallModel.Write(_folder)))
            await host.Post("{");
        Assert.Equal(
            _instruments.Values.Select(instrument => $"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}")
                .Order(),
            InstrumentRows().Matches(Page).Select(row => $"{row.Groups["name"]} {row.Groups["kind"]} {row.Groups["unit"]}").Order());
    }

    /// <summary>The stages and reasons that stand in the sources, and those of the page's tables.</summary>
    [Fact]
    public void The_page_lists_the_stages_and_the_reasons_as_they_are()
    {
        string sources = string.Concat(SourceTree.Read(Repository.File("src")).Files.Select(file => file.Text));
        Assert.Equal(
            StagesInSources().Matches(sources).Select(match => match.Groups["name"].Value).Distinct().Order(),
            ListAfter("### Stages"));
        string endpoint = File.ReadAllText(Repository.File("src", "CertiFlip.Hosting", "CertifyEndpoint.cs"));
        Assert.All(ListAfter("### Reasons"), reason => Assert.Contains($"\"{reason}\"", endpoint, StringComparison.Ordinal));
        Assert.Equal(ReasonsInSource().Count(endpoint), ListAfter("### Reasons").Count());
    }

    private static IOrderedEnumerable<string> ListAfter(string heading) =>
        FirstCells().Matches(Page.Split(heading)[1].Split("\n#")[0]).Select(match => match.Groups["name"].Value).Order();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));

    private (string Name, double Value, string Tags)[] Of(string name, string tag = "") =>
        [.. _measured.Where(entry => entry.Name == name && entry.Tags.Contains(tag, StringComparison.Ordinal))];

    private double Sum(string name) => Of(name).Sum(entry => entry.Value);

    [GeneratedRegex(@"^\| `(?<name>certiflip\.[a-z.]+)` \| (?<kind>[A-Za-z]+) \| `(?<unit>[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex InstrumentRows();

    [GeneratedRegex(@"^\| `(?<name>[a-z_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex FirstCells();

    [GeneratedRegex(@"CertiFlipTelemetry\.Begin\(""(?<name>[a-z_]+)""\)")]
    private static partial Regex StagesInSources();

    [GeneratedRegex("\"(queue_full|memory_full|timeout|no_model|body_slow|too_large|media_type|invalid)\"")]
    private static partial Regex ReasonsInSource();
}
