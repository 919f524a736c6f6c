using System.Security.Cryptography;

namespace CertiFlip.Data.Tests.Models;

public sealed class StoredModelTests : IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("certiflip-model-").FullName, "model");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void What_was_written_is_read_to_the_bit()
    {
        StoredModel read = StoredModel.Read(Written());
        Assert.Equal("example", read.Kind);
        Assert.Equal([0.1, double.NaN, -0.0, double.Epsilon], read.Doubles("doubles"));
        Assert.Equal([float.MaxValue, 1e-45f], read.Singles("singles"));
        Assert.Equal([int.MinValue, 7], read.Integers("integers"));
        Assert.Equal(["", "naïve", "日本"], read.Texts("texts"));
        Assert.Empty(read.Doubles("none"));
    }

    [Fact]
    public void Every_changed_byte_is_refused()
    {
        byte[] good = File.ReadAllBytes(Written());
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = [.. good];
            bad[i] ^= 0x41;
            AssertRefused(bad);
        }
    }

    [Fact]
    public void Every_shorter_file_is_refused_and_a_longer_one()
    {
        byte[] good = File.ReadAllBytes(Written());
        for (int length = 0; length < good.Length; length++)
            AssertRefused(good[..length]);
        AssertRefused([.. good, 0]);
    }

    [Fact]
    public void Sizes_that_the_file_cannot_hold_are_refused_even_with_a_checksum_that_fits()
    {
        byte[] good = File.ReadAllBytes(Written());
        for (int i = 12; i < good.Length - SHA256.HashSizeInBytes - 4; i++)
        {
            byte[] body = good[..^SHA256.HashSizeInBytes];
            BitConverter.TryWriteBytes(body.AsSpan(i), int.MaxValue - 8);
            byte[] forged = [.. body, .. SHA256.HashData(body)];
            File.WriteAllBytes(_path, forged);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                StoredModel.Read(_path);
            }
            catch (DataException)
            {
                // Where it hits a number of an array it is another model, else it is damage.
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Fact]
    public void A_later_version_is_named()
    {
        byte[] later = File.ReadAllBytes(Written());
        later[8] = 5;
        File.WriteAllBytes(_path, later);
        Assert.Contains("version 5; this program reads versions 1 to 4",
            Assert.Throws<DataException>(() => StoredModel.Read(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("class prior", 1)]
    [InlineData("class shares", 4)]
    [InlineData("pipeline/step 1/counts once", 4)]
    [InlineData("fitted head/lift", 4)]
    [InlineData("lifted", 1)]
    public void What_an_earlier_program_would_pass_over_makes_it_refuse_the_file(string array, int version)
    {
        var model = new StoredModel("example");
        model.Add(array, [0.5]);
        model.Write(_path);
        Assert.Equal(version, File.ReadAllBytes(_path)[8]);
        Assert.Equal([0.5], StoredModel.Read(_path).Doubles(array));
    }

    [Fact]
    public void A_file_of_another_format_is_no_model()
    {
        File.WriteAllText(_path, new string('x', 200));
        Assert.Equal($"{_path}: this is no model file.", Assert.Throws<DataException>(() => StoredModel.Read(_path)).Message);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.StartsWith($"{_path}: there is no such file.",
            Assert.Throws<DataException>(() => StoredModel.Read(_path)).Message, StringComparison.Ordinal);

    [Fact]
    public void Another_kind_and_a_missing_array_are_named()
    {
        StoredModel read = StoredModel.Read(Written());
        Assert.Contains("expected other", Assert.Throws<DataException>(() => read.Expect("other")).Message, StringComparison.Ordinal);
        Assert.Contains("no array 'integers' of type Double",
            Assert.Throws<DataException>(() => read.Doubles("integers")).Message, StringComparison.Ordinal);
    }

    private string Written()
    {
        var model = new StoredModel("example");
        model.Add("doubles", [0.1, double.NaN, -0.0, double.Epsilon]);
        model.Add("singles", [float.MaxValue, 1e-45f]);
        model.Add("integers", [int.MinValue, 7]);
        model.Add("texts", ["", "naïve", "日本"]);
        model.Add("none", Array.Empty<double>());
        model.Write(_path);
        return _path;
    }

    private void AssertRefused(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        Assert.StartsWith(_path, Assert.Throws<DataException>(() => StoredModel.Read(_path)).Message, StringComparison.Ordinal);
    }
}
