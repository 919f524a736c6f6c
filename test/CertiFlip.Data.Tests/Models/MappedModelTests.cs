using System.Runtime.InteropServices;
using CertiFlip.Heads;

namespace CertiFlip.Data.Tests.Models;

/// <summary>Models of many numbers: they stay in their file, and are checked whole only once.</summary>
public sealed class MappedModelTests(MappedModelTests.Fitted fitted) : IClassFixture<MappedModelTests.Fitted>
{
    private const int Rows = 132_000, Columns = 64, Wanted = 3;

    [Fact]
    public void Label_weights_are_those_of_the_head_that_was_fitted()
    {
        string path = fitted.Copy();
        double[] expected = Weights(fitted.Model);
        Assert.Equal(3, BitConverter.ToInt32(File.ReadAllBytes(path).AsSpan(8, 4)));
        foreach (bool isVerified in (bool[])[false, true])
        {
            (TrainedModel model, StoredModel stored) = Read(path);
            Assert.Equal(isVerified, stored.Arrays.AreVerified);
            Assert.False(model.Training.Features.TryGetValues<float>(out _));
            Assert.Equal(expected, Weights(model));
            Assert.Equal(fitted.Model.Training.Features.Row(Rows - 1), model.Training.Features.Row(Rows - 1));
            Assert.Equal(fitted.Model.Training.Labels, model.Training.Labels);
        }

        using FileStream stream = File.OpenRead(path);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        copy.Position = 0;
        Assert.Equal(expected, Weights(TrainedModelFile.Restore(StoredModel.Read(copy, "a stream"))));
    }

    [Fact]
    public void Numbers_begin_at_a_multiple_of_64_bytes()
    {
        byte[] file = File.ReadAllBytes(fitted.Copy());
        byte[] first = MemoryMarshal.AsBytes<float>([.. fitted.Model.Training.Features.Row(0).ToArray().Select(x => (float)x)]).ToArray();
        Assert.Equal(0, file.AsSpan().IndexOf(first) % 64);
    }

    [Fact]
    public void A_file_that_was_changed_is_checked_again_whatever_its_time_says()
    {
        string path = fitted.Copy();
        Read(path);
        Assert.True(Read(path).Stored.Arrays.AreVerified);
        DateTime written = File.GetLastWriteTimeUtc(path);
        using (FileStream file = File.OpenWrite(path))
        {
            file.Position = 1_000_000;
            file.WriteByte(0x42);
        }

        File.SetLastWriteTimeUtc(path, written);
        Assert.Contains("is damaged", Assert.Throws<DataException>(() => StoredModel.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_remembered_of_a_model_that_does_not_fit_together()
    {
        StoredModel whole = TrainedModelFile.Store(fitted.Model);
        var forged = new StoredModel(whole.Kind);
        forged.Arrays.Add("features", whole.Arrays.Matrices["features"]);
        foreach ((string name, Array values) in whole.Arrays.All)
        {
            if (values is double[] numbers)
                forged.Add(name, name == "factor" ? [.. numbers.Select(x => 1.001 * x)] : numbers);
            else if (values is int[] integers)
                forged.Add(name, integers);
            else if (values is string[] texts)
                forged.Add(name, texts);
        }

        string path = fitted.Folder["forged"];
        forged.Write(path);
        for (int i = 0; i < 2; i++)
            Assert.Contains("The factor is not", Assert.Throws<DataException>(() => Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_others_can_write_is_loaded_and_checked_every_time()
    {
        if (OperatingSystem.IsWindows())
            return; // There are no such modes.
        string path = fitted.Copy();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        for (int i = 0; i < 2; i++)
        {
            (TrainedModel model, StoredModel stored) = Read(path);
            Assert.False(stored.Arrays.AreVerified);
            Assert.True(model.Training.Features.TryGetValues<float>(out _));
        }
    }

    [Fact]
    public void A_folder_that_others_can_see_into_is_not_believed()
    {
        if (OperatingSystem.IsWindows())
            return; // There are no such modes.
        string path = fitted.Copy();
        Read(path);
        UnixFileMode mode = File.GetUnixFileMode(fitted.Markers);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, mode);
        File.SetUnixFileMode(fitted.Markers, mode | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Assert.False(Read(path).Stored.Arrays.AreVerified);
        File.SetUnixFileMode(fitted.Markers, mode);
        Assert.True(Read(path).Stored.Arrays.AreVerified);
    }

    [Fact]
    public void A_model_that_is_replaced_stays_as_it_was_for_whoever_uses_it()
    {
        string path = fitted.Copy();
        TrainedModel model = Read(path).Model;
        double[] expected = Weights(model);
        File.WriteAllText(fitted.Folder["other"], "another file");
        File.Move(fitted.Folder["other"], path, overwrite: true);
        Assert.Equal(expected, Weights(model));
    }

    [Fact]
    public void Large_arrays_of_NumPy_stay_in_their_file()
    {
        string path = fitted.Folder["features.npy"];
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, (17 << 20) / Columns * Columns).Select(_ => random.NextSingle())];
        using (FileStream file = File.Create(path))
        {
            byte[] header = new byte[128];
            string text = FormattableString.Invariant(
                $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({values.Length / Columns}, {Columns}), }}");
            System.Text.Encoding.ASCII.GetBytes("\u0000NUMPY\u0001\u0000v\u0000" + text.PadRight(117) + "\n").CopyTo(header, 0);
            header[0] = 0x93;
            file.Write(header);
            file.Write(MemoryMarshal.AsBytes<float>(values));
        }

        FeatureMatrix read = DatasetReader.Read(path).Features;
        Assert.False(read.TryGetValues<float>(out _));
        foreach (int row in (int[])[0, 1, read.Rows - 1])
            Assert.Equal(values.AsSpan(row * Columns, Columns).ToArray().Select(x => (double)x), read.Row(row).ToArray());
    }

    private static (TrainedModel Model, StoredModel Stored) Read(string path)
    {
        var stored = StoredModel.Read(path);
        return (TrainedModelFile.Restore(stored), stored);
    }

    private static double[] Weights(TrainedModel model)
    {
        double[] weights = new double[4 * (Rows + 16)];
        model.Head.ComputeWeights(model.Training.Features.SelectRows(0, 7, Rows - 1), 0, Wanted, weights, Rows + 16);
        return weights;
    }

    /// <summary>A model, fitted once, and a folder of caches of its own.</summary>
    public sealed class Fitted : IDisposable
    {
        private const string Variable = "XDG_CACHE_HOME";

        private readonly string? _before = Environment.GetEnvironmentVariable(Variable);
        private readonly string _file;
        private int _copies;

        public Fitted()
        {
            Environment.SetEnvironmentVariable(Variable, Folder["cache"]);
            var random = new Random(1);
            float[] values = [.. Enumerable.Range(0, Rows * Columns).Select(i => random.NextSingle() + i / Columns % 2)];
            var data = new Dataset(new FeatureMatrix(Rows, Columns, values), "made")
            {
                Labels = [.. Enumerable.Range(0, Rows).Select(row => row % 2 == 0 ? "even" : "odd")],
            };
            Model = TrainedModel.Fit(data, HeadChoice.Default);
            TrainedModelFile.Store(Model).Write(_file = Folder["model"]);
        }

        internal TestFolder Folder { get; } = new();

        internal TrainedModel Model { get; }

        internal string Markers => Path.Combine(Folder["cache"], "certiflip", "verified");

        public void Dispose()
        {
            Environment.SetEnvironmentVariable(Variable, _before);
            Folder.Dispose();
        }

        internal string Copy()
        {
            string path = Folder[$"copy{_copies++}"];
            File.Copy(_file, path);
            return path;
        }
    }
}
