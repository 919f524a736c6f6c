using System.Runtime.Versioning;
using CertiFlip.Data.Tests.Support;

namespace CertiFlip.Data.Tests.Formats;

public sealed class RecognitionTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Binary_formats_are_recognised_by_content_whatever_their_name()
    {
        byte[] npy = NpyBytes.Doubles(1, 1, 5);
        Assert.Equal(5, DatasetReader.Read(_folder.Write("data.bin", npy)).Features.Values[0]);
        Assert.Equal(5, DatasetReader.Read(_folder.Write("data.csv", npy)).Features.Values[0]);
        Assert.Equal(5, DatasetReader.Read(_folder.Write("zipped", Archive.Gzip(npy))).Features.Values[0]);
    }

    [Theory]
    [InlineData("x.txt")]
    [InlineData("x")]
    [InlineData("x.npy")]
    public void An_unknown_format_is_refused_listing_the_known_ones(string name) =>
        Refusal.OfDataset(_folder.Write(name, "a,b\n1,2\n"), ".npz", ".npy", "IDX", ".csv", ".tsv", ".gz");

    [Theory]
    [InlineData("x.csv")]
    [InlineData("x.npy")]
    public void An_empty_file_is_refused(string name)
    {
        Refusal.OfDataset(_folder.Write(name, ""), "empty");
        Refusal.OfLabels(_folder.Write(name + ".gz", Archive.Gzip([])), "empty");
    }

    [Fact]
    public void A_missing_file_is_refused_and_the_cause_kept()
    {
        Assert.IsType<FileNotFoundException>(Refusal.OfDataset(_folder["none.csv"], "no such file").InnerException);
        Refusal.OfLabels(Path.Combine(_folder["none"], "y.csv"), "no such file");
    }

    [Fact]
    public void A_directory_is_refused() => Refusal.OfDataset(_folder.Path, "directory");

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void What_is_not_a_name_is_refused(string path) => Refusal.Of(() => DatasetReader.Read(path), "not the name of a file");

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_may_not_be_read_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs Unix permissions.");
        string path = _folder.Write("x.csv", "a\n1\n");
        File.SetUnixFileMode(path, UnixFileMode.None);
        Assert.SkipWhen(CanRead(path), "Permissions do not stop this user.");
        Refusal.OfDataset(path, "permission");
    }

    private static bool CanRead(string path)
    {
        try
        {
            File.OpenRead(path).Dispose();
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
