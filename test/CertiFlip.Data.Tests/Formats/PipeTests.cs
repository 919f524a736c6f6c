using System.Diagnostics;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

/// <summary>What is not an ordinary file, or does not stay one.</summary>
public sealed class PipeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x.csv", "a,label\n1,x\n2,y\n")]
    [InlineData("x", "a,label\n1,x\n2,y\n")]
    [InlineData("x", "a\tlabel\n1\tx\n2\ty\n")]
    public async Task A_pipe_is_read_to_its_end(string name, string text)
    {
        string pipe = Pipe(name);
        Task writing = Task.Run(() => File.WriteAllText(pipe, text), TestContext.Current.CancellationToken);
        Dataset data = DatasetReader.Read(pipe);
        await writing;
        Assert.Equal([1, 2], data.Features.Values.ToArray());
        Assert.Equal(["x", "y"], data.Labels);
    }

    [Fact]
    public async Task Arrays_and_archives_come_through_pipes_too()
    {
        byte[] array = NpyBytes.Doubles(1, 2, 3, 4);
        byte[] zip = Archive.Zip(("X.npy", array));
        foreach (byte[] content in (byte[][])[array, zip, Archive.Gzip(array), Archive.Gzip(zip)])
        {
            string pipe = Pipe("x");
            Task writing = Task.Run(() => File.WriteAllBytes(pipe, content), TestContext.Current.CancellationToken);
            Assert.Equal([3, 4], DatasetReader.Read(pipe).Features.Values.ToArray());
            await writing;
            File.Delete(pipe);
        }
    }

    [Fact]
    public async Task Waiting_for_a_pipe_ends_when_reading_is_cancelled()
    {
        string pipe = Pipe("x.csv");
        using var end = new CancellationTokenSource();
        Task reading = Task.Run(() =>
        {
            using IDisposable use = new ReaderOptions { Cancellation = end.Token }.Use();
            DatasetReader.Read(pipe);
        }, TestContext.Current.CancellationToken);
        Task first = await Task.WhenAny(reading, Task.Delay(200, TestContext.Current.CancellationToken));
        Assert.NotSame(reading, first);
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public void A_device_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "Needs the devices of Unix.");
        Refusal.OfDataset("/dev/zero", "a device");
        Refusal.OfDataset("/dev/null", "empty");
    }

    [Fact]
    public void A_file_that_is_cut_short_while_it_is_used_is_refused_by_name()
    {
        // 20 MiB of bytes are more images than are kept in memory.
        string path = _folder.Write("x-idx3-ubyte", IdxBytes.Array(8, [20, 1024, 1024], new byte[20 << 20]));
        ImageList images = ImageReader.Read(path);
        Assert.Equal(0, images.Pixels.Row(19)[0]);
        Run("truncate", "--size=10M", path);
        Assert.Equal(0, images.Pixels.Row(0)[0]);
        Refusal.Of(() => images.Pixels.Row(19), path, "row 19", "has become shorter");
    }

    private string Pipe(string name)
    {
        Run("mkfifo", _folder[name]);
        return _folder[name];
    }

    private static void Run(string program, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), $"Needs {program}.");
        using Process process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
