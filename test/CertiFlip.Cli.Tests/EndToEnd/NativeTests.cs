using System.Diagnostics;
using System.Text.RegularExpressions;
using CertiFlip.Cli.Tests.Support;
using Parquet;
using Parquet.Schema;

namespace CertiFlip.Cli.Tests.EndToEnd;

/// <summary>
/// The native command, <see cref="CommandFile.Other"/>, beside the one on .NET: the same bytes. Without one they skip.
/// </summary>
public sealed partial class NativeTests : IDisposable
{
    private static readonly string[] Certify =
    [
        "--certificates all", "--head saturated-ridge", "--head knn:3", "--head kernel:1", "--ridge fixed:0.5 --no-intercept",
        "--method monte-carlo --learner ridge --samples 200 --seed 3", "--method monte-carlo --learner logistic:1 --samples 50",
        "--method monte-carlo --learner knn:3 --samples 100", "--method partition --partitions 5", "--method partition --head knn:3",
        "--classes ham,spam --threat rows --method partition --partitions 5", "--classes ham,spam --threat rows --head knn:3",
        "--classes ham,spam --threat rows --ridge fixed:1 --prices remove:1 --attack 2",
        "--direction ham>spam", "--collective 1,2,5", "--class-prior ham=0.6,spam=0.4",
        "--preprocess auto --map principal-components:2", "--require median>=1",
    ];

    private readonly TestFolder _folder = new();

    public static TheoryData<string> Commands =>
    [
        .. Certify.Select(options => $"certify --train train.csv --test test.csv {options}"), "certify --train train.csv --holdout 0.2",
        "certify --train train.csv", "compare --train train.csv --test test.csv", "frontier --train train.csv --validation test.csv",
        "attack --train train.csv --test test.csv", "audit --train train.csv --test test.csv", "audit --train train.csv",
        "check --train train.csv --test test.csv", "coefficients --train train.csv",
        "certify --train numbers.csv --test numbers.csv --task regression --label y --label-range 0,1 --tolerance 0.2",
        "audit --train numbers.csv --task regression --label y --label-range 0,1 --tolerance 0.2",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Every_output_is_the_same(string command)
    {
        SkipWithoutNative();
        SmallData.WriteTo(_folder);
        string[] lines = SmallData.Csv(40).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _folder.Write("numbers.csv", string.Join('\n', lines.Select((line, row) => row == 0 ? "a,b,y" : Number(line, row))) + "\n");
        bool hasFiles = !command.StartsWith("check", StringComparison.Ordinal);
        bool hasReport = hasFiles && command.Split(' ')[0] is not ("coefficients" or "attack");
        string[] files = [.. hasFiles ? (string[])["--out", "out.csv"] : [], .. hasReport ? (string[])["--report", "report.html"] : []];
        foreach (string[] options in (string[][])[files, ["--json"]])
            await AreTheSame([.. command.Split(' '), .. options], options == files ? files.Where(file => file[0] != '-') : []);

        static string Number(string line, int row) => $"{line[..line.LastIndexOf(',')]},{row % 7 / 7.0:F3}";
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("certify --help")]
    [InlineData("train.csv")]
    [InlineData("certfy")]
    [InlineData("certify --train nowhere.csv")]
    public async Task Help_and_errors_are_the_same(string command)
    {
        SkipWithoutNative();
        SmallData.WriteTo(_folder);
        await AreTheSame(command.Split(' '));
    }

    [Fact]
    public async Task A_figure_of_the_paper_is_the_same()
    {
        SkipWithoutNative();
        await AreTheSame(["reproduce", "bounds", "--out", "figures"], ["figures/bounds.curve.csv", "figures/bounds.summary.csv"]);
    }

    [Fact]
    public async Task It_uses_the_widest_kernels_of_the_processor_and_those_that_are_asked_for()
    {
        SkipWithoutNative();
        string[] arguments = [.. SmallData.WriteTo(_folder), "--out", _folder["out.csv"]];
        (Invocation native, Invocation managed) = await Both(arguments, kernel: "which?");
        Assert.Equal(managed.LastError, native.LastError);
        Assert.StartsWith("certiflip: CERTIFLIP_KERNEL is 'which?', but this processor runs vector", native.LastError,
            StringComparison.Ordinal);
        foreach (string kernel in Runs().Match(native.LastError).Groups["kernels"].Value.Split(", "))
        {
            (native, managed) = await Both(arguments, kernel);
            Assert.Equal((0, Timeless(managed.Output)), (native.ExitCode, Timeless(native.Output)));
        }
    }

    /// <summary>
    /// Other processors by QEMU's emulation: the file for AVX2 stays, and without AVX2 one line says so.
    /// </summary>
    [Theory]
    [InlineData("Haswell", "this processor runs vector256, vector128, scalar.")]
    [InlineData("Nehalem", "a processor with AVX2")]
    public async Task Other_processors_get_other_kernels_or_a_word_about_it(string processor, string expected)
    {
        SkipWithoutNative();
        Assert.SkipUnless(File.Exists("/usr/bin/qemu-x86_64"), "qemu-x86_64 is not installed (Debian: qemu-user).");
        var start = new ProcessStartInfo("qemu-x86_64", ["-cpu", processor, CommandFile.Other!, .. SmallData.WriteTo(_folder)]);
        Invocation invocation = await Run(start, kernel: "which?");
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains(expected, invocation.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_of_one_is_read_by_the_other()
    {
        SkipWithoutNative();
        SmallData.WriteTo(_folder);
        foreach (string head in (string[])["ridge", "saturated-ridge", "knn:3", "kernel:1"])
        {
            string[] train = ["train", "--train", "train.csv", "--head", head, "--map", "standard-scaler", "--out", "model"];
            await AreTheSame(train, ["model"]);
            await AreTheSame(["certify", "--model", "model", "--test", "test.csv", "--out", "out.csv"], ["out.csv"]);
            await Run(train, native: true);
            Assert.Equal(0, (await Run(["certify", "--model", "model", "--test", "test.csv"], native: false)).ExitCode);
        }
    }

    /// <summary>Parquet.Net finds the types of columns while it runs: a column of every kind.</summary>
    [Fact]
    public async Task Columns_of_every_kind_are_read_from_Parquet()
    {
        SkipWithoutNative();
        using (FileStream file = File.Create(_folder["kinds.parquet"]))
            await Kinds.Write(file);
        await AreTheSame(["kinds.parquet"]);
        string numbers = "sbyte,byte,int16,uint16,int32,uint32,int64,uint64,single,double,decimal";
        await AreTheSame(
            $"certify --train kinds.parquet --label text --features {numbers} --out out.csv --json".Split(' '), ["out.csv"]);
    }

    private static void SkipWithoutNative() =>
        Assert.SkipWhen(CommandFile.Other is null, "CERTIFLIP_COMMAND names no native command.");

    /// <summary>Runs both in the folder: what they print and the files that they write.</summary>
    private async Task AreTheSame(string[] arguments, params IEnumerable<string> files)
    {
        (Invocation native, Invocation managed) = await Both(arguments, files: files);
        Assert.Equal(managed with { Output = Timeless(managed.Output), Error = "" },
            native with { Output = Timeless(native.Output), Error = "" });
        Assert.Equal(managed.ExitCode == 0 ? "" : managed.LastError, native.ExitCode == 0 ? "" : native.LastError);
    }

    private async Task<(Invocation Native, Invocation Managed)> Both(
        string[] arguments, string? kernel = null, params IEnumerable<string> files)
    {
        Invocation managed = await Run(arguments, native: false, kernel);
        string[] expected = [.. files.Select(file => Timeless(File.ReadAllText(_folder[file])))];
        foreach (string file in files)
            File.Delete(_folder[file]);
        Invocation native = await Run(arguments, native: true, kernel);
        Assert.Equal(expected, files.Select(file => Timeless(File.ReadAllText(_folder[file]))));
        return (native, managed);
    }

    private Task<Invocation> Run(string[] arguments, bool native, string? kernel = null) =>
        Run(CommandFile.Start(arguments, native), kernel);

    private async Task<Invocation> Run(ProcessStartInfo start, string? kernel)
    {
        (start.WorkingDirectory, start.RedirectStandardOutput, start.RedirectStandardError) = (_folder.Path, true, true);
        start.Environment["CERTIFLIP_KERNEL"] = kernel ?? "";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Invocation(process.ExitCode, await output, await error);
    }

    private static string Timeless(string text) => Times().Replace(text, "#");

    [GeneratedRegex("""\d+\.\d+ s\b|"(seconds|started)": [^\n]*|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?|\b\d+ ms\b""")]
    private static partial Regex Times();

    [GeneratedRegex("this processor runs (?<kernels>.*)\\.")]
    private static partial Regex Runs();

    /// <summary>A table of 30 rows.</summary>
    private static class Kinds
    {
        private const int Rows = 30;

        public static async Task Write(Stream file)
        {
            Column[] columns =
            [
                Of(row => row % 3 == 0), Of(row => (sbyte)(row - 9)), Of(row => (byte)row), Of(row => (short)(row * 7)),
                Of(row => (ushort)(row * 5 % 11)), Of(row => row * row), Of(row => (uint)(row % 5)), Of(row => row * 123456789L),
                Of(row => (ulong)row * 3), Of(row => row / 3f), Of(row => row / 7.0), Of(row => row / 8m),
                Of(row => new DateTime(2024, 1, 1, row % 24, 5, 0, DateTimeKind.Utc)), Of(row => new DateOnly(2024, 1, 1 + row)),
                Of(row => new Guid(row, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)),
            ];
            var text = new DataField<string>("text");
            var bytes = new DataField<byte[]>("bytes");
            var schema = new ParquetSchema(
                [.. columns.SelectMany(column => column.Fields), text, bytes]);
            await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file);
            using ParquetRowGroupWriter group = writer.CreateRowGroup();
            foreach (Column column in columns)
                await column.Write(group);
            await group.WriteAsync(text, Enumerable.Range(0, Rows).Select(row => row % 2 == 0 ? "even" : "odd").ToArray());
            await group.WriteAsync(bytes, Enumerable.Range(0, Rows).Select(row => "word"u8.ToArray()).ToArray());
        }

        private static Column Of<T>(Func<int, T> value)
            where T : struct
        {
            string name = typeof(T).Name.ToLowerInvariant();
            var field = new DataField<T>(name);
            var gaps = new DataField<T?>($"{name}_gaps");
            T[] values = [.. Enumerable.Range(0, Rows).Select(value)];
            T?[] withGaps = [.. values.Select((one, row) => row % 5 == 0 ? (T?)null : one)];
            return new Column([field, gaps], async group =>
            {
                await group.WriteAsync<T>(field, values);
                await group.WriteAsync<T>(gaps, withGaps);
            });
        }

        private sealed record Column(DataField[] Fields, Func<ParquetRowGroupWriter, Task> Write);
    }
}
