using System.Collections.Concurrent;
using System.Net;
using CertiFlip.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace CertiFlip.Hosting.Tests;

/// <summary>A file that is replaced takes over, and no request is lost over it.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>As where images are built with one time for every file.</summary>
    [Fact]
    public async Task A_file_of_the_same_length_and_time_takes_over()
    {
        string path = SmallModel.Write(_folder, "served", 40, ["no", "yes"]), other = SmallModel.Write(_folder, "other", 40, ["NO", "YES"]);
        Assert.Equal(new FileInfo(path).Length, new FileInfo(other).Length);
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(path));
        (string id, string answer) = SmallModel.Expected(other);
        await using TestHost host = await TestHost.Start(path);
        File.Move(other, path, overwrite: true);
        while (await host.Ask() != (id, answer))
            await Task.Delay(50, Cancellation);
    }

    /// <summary>
    /// While clients ask without pause, the file is replaced whole, rewritten in place with pauses, cut off, and taken
    /// away. Every request is answered, by one of the models and by one alone.
    /// </summary>
    [Fact]
    public async Task Every_request_is_answered_by_one_model_while_the_file_is_replaced_again_and_again()
    {
        string[][] classes = [["ham", "spam"], ["no", "perhaps", "yes"], ["ham", "spam"], ["a", "b", "c", "d"]];
        int[] rows = [40, 60, 90, 80];
        Dictionary<string, string> expected = [];
        List<byte[]> files = [];
        for (int i = 0; i < rows.Length; i++)
        {
            (string id, string answer) = SmallModel.Expected(SmallModel.Write(_folder, $"model-{i}", rows[i], classes[i]));
            expected.Add(id, answer);
            files.Add(File.ReadAllBytes(_folder[$"model-{i}"]));
        }

        string path = SmallModel.Write(_folder, "served", rows[0], classes[0]);
        await using TestHost host = await TestHost.Start(path, options => options.MaxQueued = 1000);
        var answered = new ConcurrentDictionary<string, int>();
        using var end = new CancellationTokenSource();
        Task[] clients = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                (string id, string answer) = await host.Ask();
                Assert.Equal(expected[id], answer);
                answered.AddOrUpdate(id, 1, (_, count) => count + 1);
            }
        }))];
        for (int round = 0; round < 24; round++)
        {
            byte[] next = files[round % files.Count];
            switch (round % 5)
            {
                case 0 or 3: // Whole, under its name at once.
                    File.WriteAllBytes(path + ".new", next);
                    File.Move(path + ".new", path, overwrite: true);
                    break;
                case 1: // In place, with a pause in which half of it is there.
                    await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
                    {
                        await file.WriteAsync(next.AsMemory(0, next.Length / 2), Cancellation);
                        await file.FlushAsync(Cancellation);
                        await Task.Delay(100, Cancellation);
                        await file.WriteAsync(next.AsMemory(next.Length / 2), Cancellation);
                    }

                    break;
                case 2: // Half of it, and no more.
                    File.WriteAllBytes(path, next[..(next.Length / 2)]);
                    break;
                case 4:
                    File.Delete(path);
                    break;
            }

            await Task.Delay(120, Cancellation);
        }

        await end.CancelAsync();
        await Task.WhenAll(clients);
        Assert.True(answered.Count >= 3, $"Only {answered.Count} models answered.");
        Assert.True(answered.Values.Sum() > 100, $"There were only {answered.Values.Sum()} requests.");
    }

    [Fact]
    public async Task A_bad_file_leaves_the_model_and_the_health_check_says_why()
    {
        string path = SmallModel.Write(_folder);
        (string Id, string Answer) first = SmallModel.Expected(path);
        await using TestHost host = await TestHost.Start(path);
        byte[] good = File.ReadAllBytes(path), other = SmallModel.Bytes(60, "a", "b", "c");
        other[^40] ^= 1;
        File.WriteAllBytes(path, other);
        await IsDegraded(host, "the model file is damaged");
        Assert.Equal(first, await host.Ask());
        File.WriteAllText(path, "no model at all, but as long as one could be in its first few bytes");
        await IsDegraded(host, "this is no model file");
        Assert.Equal(first, await host.Ask());
        File.Delete(path);
        await IsDegraded(host, "the file is gone or empty");
        Assert.Equal(first, await host.Ask());

        // The same again, as it was.
        File.WriteAllBytes(path, good);
        await IsHealthy(host, first.Id);
        SmallModel.Write(_folder, rows: 60, classes: ["a", "b", "c"]);
        await IsHealthy(host, SmallModel.Expected(path).Id);
        Assert.Equal(SmallModel.Expected(path), await host.Ask());
    }

    /// <summary>As volumes of Kubernetes are replaced: a link to a folder, whose files' own links stay.</summary>
    [Fact]
    public async Task A_link_to_another_folder_is_a_replaced_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links need rights elsewhere.");
        foreach (string name in (string[])["one", "two"])
            Directory.CreateDirectory(_folder[name]);
        SmallModel.Write(_folder, "one/model");
        string second = SmallModel.Write(_folder, "two/model", 60);
        Directory.CreateSymbolicLink(_folder["data"], "one");
        File.CreateSymbolicLink(_folder["model"], "data/model");
        await using TestHost host = await TestHost.Start(_folder["model"]);
        Directory.CreateSymbolicLink(_folder["data.new"], "two");
        Directory.Delete(_folder["data"]);
        Directory.Move(_folder["data.new"], _folder["data"]);
        await IsHealthy(host, SmallModel.Expected(second).Id);
    }

    [Fact]
    public async Task A_model_that_the_host_refuses_does_not_take_over()
    {
        string path = SmallModel.Write(_folder);
        await using TestHost host = await TestHost.Start(path, options => options.CheckModel(model =>
        {
            if (model.Labels.ClassCount != 2)
                throw new InvalidOperationException("Only two classes are known to our mail filter.");
        }));
        (string Id, string Answer) first = SmallModel.Expected(path);
        SmallModel.Write(_folder, rows: 60, classes: ["a", "b", "c"]);
        await IsDegraded(host, "Only two classes are known to our mail filter.");
        Assert.Equal(first, await host.Ask());
    }

    [Fact]
    public async Task Without_a_model_the_host_waits_for_one_if_it_may()
    {
        await Assert.ThrowsAsync<Data.DataException>(() => TestHost.Start(_folder["model"]));
        await using TestHost host = await TestHost.Start(_folder["model"], options => options.RequireModelAtStart = false);
        Assert.StartsWith("certiflip Unhealthy", await host.Health(), StringComparison.Ordinal);
        using (HttpResponseMessage refused = await host.Post())
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        }

        string path = SmallModel.Write(_folder);
        await IsHealthy(host, SmallModel.Expected(path).Id);
        Assert.Equal(SmallModel.Expected(path), await host.Ask());
    }

    [Fact]
    public async Task Without_an_interval_nothing_is_looked_at()
    {
        string path = SmallModel.Write(_folder);
        (string Id, string Answer) first = SmallModel.Expected(path);
        await using TestHost host = await TestHost.Start(path, options => options.ReloadInterval = TimeSpan.Zero);
        SmallModel.Write(_folder, rows: 60);
        await Task.Delay(300, Cancellation);
        Assert.Equal(first, await host.Ask());
        Assert.Null(host.Services.GetRequiredService<ServedModel>().Problem);
    }

    private static Task IsDegraded(TestHost host, string why) => TestHost.Until(async () =>
        await host.Health() is var health && health.StartsWith("certiflip Degraded", StringComparison.Ordinal)
        && health.Contains(why, StringComparison.Ordinal));

    private static Task IsHealthy(TestHost host, string id) =>
        TestHost.Until(async () => await host.Health() == $"certiflip Healthy: The model {id} answers.");
}
