using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CertiFlip.Auditing;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace CertiFlip.Notebooks.Tests;

/// <summary>What a cell of a notebook shows.</summary>
public sealed partial class NotebookHtmlTests
{
    private const string Hostile = "<script>alert('x')</script>\u202E";
    private static readonly ClassList Names = ClassList.Of("ham", Hostile);
    private static readonly int[] Labels = [.. Enumerable.Range(0, 40).Select(i => i % 2)];
    private static readonly Certifier Certifier = Certifier.Fit(
        new TrainingSet(Rows(40, seed: 1), new ClassLabels(Labels, Names)),
        new CertifierOptions { Certificates = CertifierOptions.AllCertificates, Noise = new Noise(0.1, 2) });

    private static readonly IReadOnlyList<RowCertificates> Certificates = Certifier.CertifyBatch(Rows(30, seed: 2));
    private static readonly CertifiedAccuracy[] Curves = [.. Certifier.Certificates.Select(kind =>
        CertifiedAccuracy.Of(kind, Certificates, [.. Enumerable.Range(0, 30).Select(i => i % 2)]))];

    private static readonly LabelAudit Audit = new Auditor(Heads.RidgeHead.Fit(Rows(40, seed: 1)), new ClassLabels(Labels, Names))
        .Audit(Rows(40, seed: 1));

    private static RowCertificates Unchangeable => new([new Certificate(CertificateKind.Exact, 1, Radius.Any, IsCertified: true)]);

    private static Dictionary<string, object> Results => new()
    {
        ["one row"] = Certificates[0],
        ["rows"] = Certificates,
        ["a curve"] = Curves[^1],
        ["curves"] = Curves,
        ["an audit"] = Audit,
        ["suggestions"] = Audit.Suggestions,
        ["a witness"] = Witness(),
        ["nothing changes it"] = Unchangeable,
        ["abstains"] = new RowCertificates([new Certificate(CertificateKind.Kl, Certificate.Abstention, Radius.Of(0), IsCertified: false)]),
        ["no rows"] = Array.Empty<RowCertificates>(),
        ["no curves"] = Array.Empty<CertifiedAccuracy>(),
        ["rows without a limit"] = new RowCertificates[] { Unchangeable },
        ["an audit without suggestions"] = new LabelAudit([], 3, 3, 0, 0, 0),
    };

    public static TheoryData<string> All => [.. Results.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_result_is_shown_by_itself_once_formatters_are_registered(string name)
    {
        NotebookFormatters.Register(Names);
        object result = Results[name];
        Assert.Equal(Shown(name), result.ToDisplayString(HtmlFormatter.MimeType));
        Assert.Contains(HtmlFormatter.MimeType, Formatter.GetPreferredMimeTypesFor(result.GetType()));
    }

    /// <summary>Whatever page it stands in, and whatever classes are called.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Markup_is_well_formed_encodes_what_comes_from_data_and_fetches_nothing(string name)
    {
        string html = Shown(name);
        XElement root = XElement.Parse(html);
        Assert.DoesNotContain(Hostile, html, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', root.Value);
        string[] elements = [.. root.Descendants().Select(element => element.Name.LocalName).Distinct()];
        Assert.Subset(
            new HashSet<string> { "p", "svg", "title", "path", "text", "table", "caption", "thead", "tbody", "tr", "th", "td" },
            new HashSet<string>(elements));
        Assert.DoesNotContain(root.Descendants().Attributes(), attribute => attribute.Name.LocalName is "id" or "href" or "src"
            || attribute.Value.Contains("url(", StringComparison.Ordinal));
    }

    /// <summary>For those who do not see the chart, and those who read a table cell by cell.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Charts_and_tables_are_named(string name)
    {
        XElement root = XElement.Parse(Shown(name));
        Assert.All(root.Elements("svg"), svg =>
        {
            Assert.Equal("img", svg.Attribute("role")!.Value);
            Assert.StartsWith($"{svg.Element("title")!.Value}. ", svg.Attribute("aria-label")!.Value, StringComparison.Ordinal);
        });
        Assert.All(root.Elements("table"), table =>
        {
            Assert.NotEmpty(table.Element("caption")!.Value);
            Assert.All(table.Descendants("th"), head => Assert.Contains(head.Attribute("scope")!.Value, (string[])["col", "row"]));
            int columns = table.Element("thead")!.Descendants("th").Count();
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(columns, row.Elements().Count()));
        });
    }

    /// <summary>
    /// Text and axes take the colour of the text around them, light or dark; lines stand out from both.
    /// </summary>
    [Fact]
    public void Lines_can_be_seen_on_white_and_on_dark_pages()
    {
        string[] colours = [.. Colour().Matches(Shown("curves")).Select(colour => colour.Value).Distinct()];
        Assert.Equal(3, colours.Length); // One of the four has the colour of text.
        foreach (string colour in colours)
        {
            Assert.True(Contrast(colour, "#ffffff") >= 3, $"{colour} on white");
            Assert.True(Contrast(colour, "#1e1e1e") >= 3, $"{colour} on dark");
        }

        XElement svg = XElement.Parse(Shown("curves")).Element("svg")!;
        Assert.All(svg.Elements("text"), text => Assert.Equal("currentColor", text.Attribute("fill")!.Value));
        string[] dashes = [.. svg.Elements("path").Where(path => path.Attribute("fill") is not null)
            .Select(path => $"{path.Attribute("stroke-dasharray")?.Value} {path.Attribute("stroke-width")!.Value}")];
        Assert.Distinct(dashes);
    }

    /// <summary>
    /// At every number of flips the line is as high as the curve: the picture claims nothing that is not proved.
    /// </summary>
    [Fact]
    public void The_line_is_the_curve()
    {
        CertifiedAccuracy curve = Curves[^1];
        XElement svg = XElement.Parse(Shown("a curve")).Element("svg")!;
        string path = svg.Elements("path").Single(line => line.Attribute("fill")?.Value == "none").Attribute("d")!.Value;
        (double X, double Y)[] corners =
            [.. Corner().Matches(path).Select(corner => (Number(corner.Groups["x"]), Number(corner.Groups["y"])))];
        double Left(int flips) => 64 + flips * 560.0 / (curve.LargestBudget + 1);
        for (int flips = 0; flips <= curve.LargestBudget + 1; flips++)
        {
            double height = corners.First(corner => corner.X >= Left(flips) - 0.01).Y;
            Assert.Equal(curve.At(flips), 1 - (height - 40) / 220, 0.0001);
        }
    }

    /// <summary>What checking a label adds is not drawn before it is checked.</summary>
    [Fact]
    public void The_line_of_an_audit_rises_where_labels_are_checked()
    {
        XElement svg = XElement.Parse(Shown("an audit")).Element("svg")!;
        string path = svg.Elements("path").Single(line => line.Attribute("fill")?.Value == "none").Attribute("d")!.Value;
        (double X, double Y)[] corners =
            [.. Corner().Matches(path).Select(corner => (Number(corner.Groups["x"]), Number(corner.Groups["y"])))];
        long[] totals = [Audit.TotalRadius, .. Audit.Suggestions.Select(one => one.TotalRadius)];
        double most = Math.Max(1, totals[^1] - totals[0]);
        for (int after = 0; after < totals.Length; after++)
        {
            double middle = 64 + Math.Min(after + 0.5, totals.Length - 1) * 560.0 / (totals.Length - 1);
            double height = after == totals.Length - 1 ? corners[^1].Y : corners.First(corner => corner.X >= middle).Y;
            Assert.Equal((totals[after] - totals[0]) / most, 1 - (height - 40) / 220, 0.0001);
        }
    }

    [Fact]
    public void Tables_say_what_the_results_say()
    {
        string[][] row = Cells(Shown("one row"));
        Assert.Equal(
            Certificates[0].Certificates.Select(
                certificate => $"{certificate.Kind} {Names[certificate.Prediction][..1]} {certificate.Radius}"),
            row.Select(cells => $"{cells[0]} {cells[1][..1]} {cells[2]}"));

        string[][] curve = Cells(Shown("a curve"));
        Assert.Equal(["accuracy", Percent(Curves[^1].Accuracy)], curve[0]);
        Assert.Equal(["0", Percent(Curves[^1].At(0))], curve[1]);
        Assert.Equal(["5", Percent(Curves[^1].At(5))], curve[4]);

        string[][] audit = Cells(Shown("an audit"));
        Assert.Equal(Audit.Suggestions.Select(one => $"{one.Row} {one.RadiusGain} {one.TotalRadius}"),
            audit.Select(cells => $"{cells[0]} {cells[5]} {cells[6].Replace(",", "", StringComparison.Ordinal)}"));

        Assert.Equal(["exact", "any"], Cells(Shown("nothing changes it"))[0] is [var kind, _, var radius] ? [kind, radius] : []);
        Assert.Equal(["kl", "abstains", "not certified"], Cells(Shown("abstains"))[0]);
    }

    [Fact]
    public void Classes_are_numbers_unless_they_have_names() =>
        Assert.Contains("class 0", Text(Certificates[0].ToHtml()) + Text(Certificates[1].ToHtml()), StringComparison.Ordinal);

    private static string Shown(string name) => Text(Results[name] switch
    {
        RowCertificates row => row.ToHtml(Names),
        IReadOnlyList<RowCertificates> rows => rows.ToHtml(Names),
        AccuracyCurve curve => curve.ToHtml(),
        IReadOnlyList<CertifiedAccuracy> curves => curves.ToHtml(),
        LabelAudit audit => audit.ToHtml(Names),
        IReadOnlyList<Suggestion> suggestions => suggestions.ToHtml(Names),
        Witness witness => witness.ToHtml(Names),
        _ => throw new InvalidOperationException(name),
    });

    private static string Text(IHtmlContent content)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        content.WriteTo(writer, System.Text.Encodings.Web.HtmlEncoder.Default);
        return writer.ToString();
    }

    private static string[][] Cells(string html) =>
    [
        .. XElement.Parse(html).Descendants("tbody").First().Elements("tr")
            .Select(row => (string[])[.. row.Elements().Select(cell => cell.Value)]),
    ];

    private static Witness Witness() =>
        Certifier.TryFindWitness(Rows(30, seed: 2).Row(0), out Witness? witness) ? witness : throw new InvalidOperationException("None.");

    private static FeatureMatrix Rows(int rows, int seed)
    {
        var random = new Random(seed);
        return FeatureMatrix.FromRows([.. Enumerable.Range(0, rows).Select(i =>
            (double[])[random.NextDouble() + (i % 2 == 0 ? 0.6 : 0), random.NextDouble()])]);
    }

    private static double Contrast(string one, string other)
    {
        double a = Luminance(one), b = Luminance(other);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string colour)
    {
        double Channel(int at)
        {
            double value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
        }

        return 0.2126 * Channel(1) + 0.7152 * Channel(3) + 0.0722 * Channel(5);
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    private static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("#[0-9a-f]{6}")]
    private static partial Regex Colour();

    [GeneratedRegex("V(?<y>[0-9.]+)H(?<x>[0-9.]+)")]
    private static partial Regex Corner();
}
