using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CertiFlip.Cli.Tests.Support;

namespace CertiFlip.Cli.Tests.Commands.Reproduce;

public sealed partial class ReproduceCommandTests : IDisposable
{
    private static readonly string[] Small = ["--test-rows", "20", "--attacked-rows", "8", "--components", "4", "--noise", "0.01,0.1"];

    private readonly TestFolder _data = new();
    private readonly TestFolder _out = new();

    public ReproduceCommandTests() => RawData.WriteTo(_data);

    public void Dispose()
    {
        _data.Dispose();
        _out.Dispose();
    }

    [Fact]
    public async Task The_tables_read_as_approved()
    {
        Invocation invocation = await Invocation.Of("reproduce", "bounds", "--out", _out.Path);
        Assert.Equal(0, invocation.ExitCode);
        Golden.Matches(Readable(invocation.Output), "test", "CertiFlip.Cli.Tests", "Golden", "reproduce-bounds.txt");
        invocation = await Invocation.Of(["reproduce", "dogfish", .. Small, "--data", _data.Path, "--out", _out.Path]);
        Golden.Matches(Readable(invocation.Output), "test", "CertiFlip.Cli.Tests", "Golden", "reproduce-dogfish.txt");
        invocation = await Invocation.Of(
            ["reproduce", "dogfish", .. Small, "--ridge", "paper", "--data", _data.Path, "--out", _out.Path, "--quiet"]);
        Assert.Equal("certiflip: radii are conditional on λ, which --ridge paper computes from the labels.", invocation.LastError);
    }

    [Fact]
    public async Task Four_files_are_written_with_the_agreed_columns_and_the_same_bytes_for_any_threads()
    {
        foreach (string threads in (string[])["1", "3"])
            await Invocation.Of(
                ["reproduce", "dogfish", .. Small, "--data", _data.Path, "--out", _out[threads], "--threads", threads, "--quiet"]);
        Assert.Equal(
            [".stages", "dogfish.curve.csv", "dogfish.html", "dogfish.summary.csv", "manifest.json"],
            Directory.GetFileSystemEntries(_out["1"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (string name in (string[])["dogfish.curve.csv", "dogfish.summary.csv", "dogfish.html"])
            Assert.Equal(File.ReadAllText(Path.Combine(_out["1"], name)), File.ReadAllText(Path.Combine(_out["3"], name)));
        string[] curve = File.ReadAllLines(Path.Combine(_out["1"], "dogfish.curve.csv")),
            summary = File.ReadAllLines(Path.Combine(_out["1"], "dogfish.summary.csv"));
        Assert.Equal(("series,noise,flips,certified_accuracy", "series,noise,clean_accuracy,commonest_class_accuracy,median_radius"),
            (curve[0], summary[0]));
        Assert.Equal(
            ["undefended,", "kl,0.01", "tight,0.01", "kl,0.1", "tight,0.1", "structured,0.01", "structured,0.1", "exact,"],
            summary.Skip(1).Select(line => string.Join(',', line.Split(',')[..2])));
        Assert.All(
            curve.Skip(1),
            line => Assert.InRange(double.Parse(line.Split(',')[3], System.Globalization.CultureInfo.InvariantCulture), 0, 1));
    }

    [Fact]
    public async Task The_manifest_tells_data_options_and_time()
    {
        await Invocation.Of(["reproduce", "dogfish", .. Small, "--data", _data.Path, "--out", _out.Path, "--quiet"]);
        Schemas.Validate(File.ReadAllText(_out["manifest.json"]));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(_out["manifest.json"]));
        string text = manifest.RootElement.ToString();
        foreach (string part in (string[])["dogfish/manifest.csv", "sha256", "\"seed\"", "\"version\"", "\"ridge\"", "seconds"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_stands_alone_and_its_charts_are_well_formed()
    {
        await Invocation.Of(["reproduce", "dogfish", .. Small, "--data", _data.Path, "--out", _out.Path, "--quiet"]);
        string page = File.ReadAllText(_out["dogfish.html"]);
        Assert.DoesNotContain("src=\"http", page, StringComparison.Ordinal);
        MatchCollection charts = Charts().Matches(page);
        Assert.Equal(2, charts.Count);
        Assert.All(charts, chart => Assert.NotEmpty(XElement.Parse(chart.Value).Descendants()));
    }

    [Fact]
    public async Task The_slider_counts_each_line_of_its_own_rows_and_radii_have_histograms()
    {
        await Invocation.Of(["reproduce", "dogfish", .. Small, "--data", _data.Path, "--out", _out.Path, "--quiet"]);
        string page = File.ReadAllText(_out["dogfish.html"]);
        Assert.Contains("{\"name\":\"undefended\",\"rowCount\":8,", page, StringComparison.Ordinal);
        Assert.Contains("{\"name\":\"exact\",\"rowCount\":20,", page, StringComparison.Ordinal);
        Assert.Equal(["kl, q", "tight, q", "structured, q", "exact"], RadiiCharts().Matches(page).Select(chart => chart.Groups[1].Value));
    }

    [Fact]
    public async Task Margins_are_in_tables_too()
    {
        await Invocation.Of("reproduce", "bounds", "--out", _out.Path, "--noise", "0.2,0.4", "--quiet");
        string page = File.ReadAllText(_out["bounds.html"]);

        // Lee et al. give the largest p of each radius at q = 0.2 as .5, .875, .96875.
        Assert.Contains("<tr><th scope=\"row\">1</th><td>95.02 %</td><td>87.50 %</td>", page, StringComparison.Ordinal);
        Assert.Contains("<tr><th scope=\"row\">2</th><td>99.10 %</td><td>96.88 %</td>", page, StringComparison.Ordinal);
        Assert.Contains("<tr><th scope=\"row\">99.9 %</th><td>3</td><td>5</td><td>34</td><td>58</td></tr>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "figure1",
        "certiflip: 'figure1': expected one of mnist17, dogfish, imdb, regularisation, bounds, mnist10, mnist17-clusters, cifar10.")]
    [InlineData("bounds --components 3", "certiflip: --components has no effect with bounds: leave it out.")]
    [InlineData("dogfish --epochs 3", "certiflip: --epochs has no effect with dogfish: leave it out.")]
    [InlineData(
        "imdb --word-vectors a",
        "certiflip: --word-vectors has no effect with latent-semantics: leave it out, or choose --text-map word-vectors.")]
    [InlineData("imdb --text-map bags", "certiflip: --text-map 'bags': expected latent-semantics or word-vectors.")]
    [InlineData(
        "mnist17 --noise 0.1,0.5", "certiflip: --noise '0.1,0.5': expected numbers strictly between 0 and 0.5, separated by commas.")]
    public async Task Wrong_usage_is_named(string arguments, string expected)
    {
        Invocation invocation = await Invocation.Of(["reproduce", .. arguments.Split(' '), "--data", _data.Path, "--out", _out["none"]]);
        Assert.Equal(2, invocation.ExitCode);
        Assert.StartsWith(expected, invocation.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_out["none"]));
    }

    [Fact]
    public async Task Missing_data_are_named_with_where_to_get_them()
    {
        Invocation invocation = await Invocation.Of("reproduce", "imdb", "--data", _out["nowhere"], "--out", _out.Path, "--quiet");
        Assert.Equal(1, invocation.ExitCode);
        Assert.Contains(
            "aclImdb_labelled.tar.xz: there is no such file. It is the Large Movie Review Dataset", invocation.LastError,
            StringComparison.Ordinal);
    }

    private static string Readable(string text) => Time().Replace(text, "#.# s. The figure");

    [GeneratedRegex(@"\d+\.\d+ s\. The figure.*", RegexOptions.Singleline)]
    private static partial Regex Time();

    [GeneratedRegex("Radii by ([^<&=]+?)(?: =.*)?</title>")]
    private static partial Regex RadiiCharts();

    [GeneratedRegex("(?<=<figure>\\n<div class=\"drawing\"[^>]*>)<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Charts();
}
