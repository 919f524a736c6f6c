using System.Diagnostics;
using System.IO.Compression;
using CertiFlip.Data;
using CertiFlip.Heads;
using CertiFlip.ML.Tests.Support;
using Microsoft.ML;

namespace CertiFlip.ML.Tests;

/// <summary>Models that are saved and loaded.</summary>
public sealed class ModelTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData("ridge")]
    [InlineData("saturated-ridge")]
    [InlineData("knn:5")]
    [InlineData("kernel:0.5")]
    public void A_loaded_model_says_the_same_to_the_bit(string head)
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Make(60));
        var options = new CertifiedHeadOptions
        {
            Head = HeadChoice.TryParse(head)!,
            LabelColumnName = "Name",
            TrustedColumnName = "Trusted",
            Flips = 4,
            Classes = ClassList.Of("ant", "bee", "cat").WithPrior(0.2, 0.3, 0.5),
        };
        var model = _context.Transforms.Text.FeaturizeText("Features", "Text").Append(_context.CertifiedHead(options)).Fit(data);
        CertifiedHeadTransformer loaded = LastOf(SavedAndLoaded(model, data, out ITransformer chain)), own = model.LastTransformer;
        Assert.All(Rows.Read(model.Transform(data)).Zip(Rows.Read(chain.Transform(data))), pair =>
        {
            Assert.Equal(pair.First.Scores, pair.Second.Scores);
            Assert.Equal(pair.First with { Scores = [] }, pair.Second with { Scores = [] });
        });
        Assert.Equal(own.TrainingLabels.Classes, loaded.TrainingLabels.Classes);
        Assert.Equal(own.TrainingLabels.Classes.Prior, loaded.TrainingLabels.Classes.Prior);
        Assert.Equal(
            (own.LabelFree, own.ToString(), own.Options.Flips, own.Options.LabelColumnName, own.Options.TrustedColumnName),
            (loaded.LabelFree, loaded.ToString(), loaded.Options.Flips, loaded.Options.LabelColumnName, loaded.Options.TrustedColumnName));
        Assert.Equal(own.Audit(5).Select(check => (check.Row, check.Reason)), loaded.Audit(5).Select(check => (check.Row, check.Reason)));
        Assert.Equal(_context.Data.CreateEnumerable<Row>(data, false).Count(), loaded.TrainingFeatures.Rows);
    }

    [Fact]
    public void A_loaded_model_keeps_its_shares()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Make(60));
        var options = new CertifiedHeadOptions
        {
            Head = HeadChoice.TryParse("saturated-ridge")!,
            LabelColumnName = "Name",
            Classes = ClassList.Of("ant", "bee", "cat").WithShares(0.7, 0.3, 0),
        };
        var text = _context.Transforms.Text.FeaturizeText("Features", "Text");
        var model = text.Append(_context.CertifiedHead(options)).Fit(data);
        CertifiedHeadTransformer loaded = LastOf(SavedAndLoaded(model, data, out ITransformer chain));
        Assert.Equal([0.7, 0.3, 0], loaded.TrainingLabels.Classes.Shares);
        Assert.Equal(Scores(model), Scores(chain));
        options = options with { Classes = ClassList.Of("ant", "bee", "cat") };
        Assert.NotEqual(Scores(model), Scores(text.Append(_context.CertifiedHead(options)).Fit(data)));

        IEnumerable<float> Scores(ITransformer scorer) => Rows.Read(scorer.Transform(data)).SelectMany(verdict => verdict.Scores);
    }

    [Theory]
    [InlineData("Name")]
    [InlineData("Flag")]
    [InlineData("Number")]
    [InlineData("Whole")]
    public void A_label_of_any_type_comes_back(string label)
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Make(40, classes: 2));
        foreach (bool isKey in new[] { false, true })
        {
            var key = _context.Transforms.Conversion.MapValueToKey("Label", label).Fit(data);
            IDataView labelled = isKey ? key.Transform(data) : data;
            CertifiedHeadTransformer model = _context.CertifiedRidge(isKey ? "Label" : label).Fit(labelled);
            SavedAndLoaded(model, labelled, out ITransformer loaded);
            Assert.Equal(
                Rows.Read(model.Transform(labelled)).Select(verdict => (verdict.Prediction, verdict.Radius)),
                Rows.Read(loaded.Transform(labelled)).Select(verdict => (verdict.Prediction, verdict.Radius)));
            Assert.Equal(model.GetOutputSchema(labelled.Schema)["PredictedLabel"].Type,
                loaded.GetOutputSchema(labelled.Schema)["PredictedLabel"].Type);
            if (!isKey)
                continue;
            IDataView named = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel")
                .Fit(loaded.Transform(labelled)).Transform(loaded.Transform(labelled));
            Assert.Equal(data.Schema[label].Type, named.Schema["PredictedLabel"].Type);
        }
    }

    /// <summary>Nothing is registered by hand: the model names the assembly.</summary>
    [Fact]
    public async Task The_sample_prints_what_was_approved_also_where_another_process_loads_its_model()
    {
        string model = _folder["spam.zip"];
        string fitted = await Sample(model);
        Assert.True(File.Exists(model));
        DateTime written = File.GetLastWriteTimeUtc(model);
        Assert.Equal(fitted, await Sample(model));
        Assert.Equal(written, File.GetLastWriteTimeUtc(model));
        Golden.Matches(fitted, "test", "CertiFlip.ML.Tests", "Golden", "sample-MlNetSpam.txt");
    }

    [Fact]
    public void A_damaged_model_is_refused()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Make(40));
        _context.Model.Save(_context.CertifiedRidge("Name").Fit(data), data.Schema, _folder["model.zip"]);
        foreach (int at in new[] { 0, 9, 60, 700, -40, -1 })
        {
            string damaged = _folder["damaged.zip"];
            File.Copy(_folder["model.zip"], damaged, overwrite: true);
            using (ZipArchive archive = ZipFile.Open(damaged, ZipArchiveMode.Update))
            {
                ZipArchiveEntry entry = archive.Entries.Single(entry => entry.Name == "CertiFlip");
                byte[] content = new byte[entry.Length];
                using Stream stream = entry.Open();
                stream.ReadExactly(content);
                content[at < 0 ? content.Length + at : at] ^= 0x10;
                stream.Position = 0;
                stream.Write(content);
            }

            var refusal = Assert.ThrowsAny<Exception>(() => new MLContext().Model.Load(damaged, out _));
            var reason = Assert.IsType<DataException>(refusal.GetBaseException());
            Assert.StartsWith("the certified head of this ML.NET model: ", reason.Message, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private ITransformer SavedAndLoaded(ITransformer model, IDataView data, out ITransformer loaded)
    {
        _context.Model.Save(model, data.Schema, _folder["model.zip"]);
        return loaded = new MLContext().Model.Load(_folder["model.zip"], out _);
    }

    private static CertifiedHeadTransformer LastOf(ITransformer model) =>
        Assert.IsType<CertifiedHeadTransformer>(((IEnumerable<ITransformer>)model).Last());

    private static async Task<string> Sample(params string[] arguments)
    {
        string assembly = Path.Combine(AppContext.BaseDirectory, "MlNetSpam.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [assembly, .. arguments]) { RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return output.ReplaceLineEndings("\n");
    }
}
