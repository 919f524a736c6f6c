using CertiFlip.Data;
using CertiFlip.Heads;

namespace CertiFlip.Paper.Tests.Experiments;

/// <summary>Every experiment in a small setting, on made-up data of the real layout.</summary>
public sealed class ExperimentTests : IDisposable
{
    private readonly TestFolder _data = new();
    private readonly TestFolder _work = new();

    public ExperimentTests() => RawData.WriteTo(_data);

    public static TheoryData<string> Names => [.. SmallRun.All.Select(experiment => experiment.Name)];

    public static TheoryData<string> NamesWithData =>
        [.. SmallRun.All.Select(experiment => experiment.Name).Where(name => name != "bounds")];

    public static TheoryData<string> NamesWithRidge =>
    [
        .. SmallRun.All.Where(experiment => experiment.Choices.Contains(nameof(ExperimentOptions.Ridge)))
            .Select(experiment => experiment.Name),
    ];

    public static TheoryData<string> Records =>
        [.. SmallRun.All.Where(experiment => experiment.KeepsRows).Select(experiment => experiment.Name)];

    public void Dispose()
    {
        _data.Dispose();
        _work.Dispose();
    }

    [Theory]
    [Trait("Tier", "Slow")]
    [MemberData(nameof(Names))]
    public void Threads_change_no_number(string name)
    {
        IExperiment experiment = Find(name);
        string one = SmallRun.Numbers(SmallRun.Of(experiment, SmallRun.Options(experiment) with { Threads = 1 }, _data.Path, _work["one"]));
        Assert.NotEmpty(one);
        Assert.Equal(
            one,
            SmallRun.Numbers(SmallRun.Of(experiment, SmallRun.Options(experiment) with { Threads = 3 }, _data.Path, _work["three"])));
    }

    [Theory]
    [Trait("Tier", "Slow")]
    [MemberData(nameof(NamesWithData))]
    public void A_run_that_was_interrupted_anywhere_goes_on_to_the_same_numbers(string name)
    {
        IExperiment experiment = Find(name);
        ExperimentOptions options = SmallRun.Options(experiment);
        var whole = new Narration();
        string expected = SmallRun.Numbers(
            SmallRun.Told(experiment, options, _data.Path, _work["whole"], whole, TestContext.Current.CancellationToken));
        for (int stop = 1; stop <= whole.Stages.Count; stop++)
        {
            using var source = new CancellationTokenSource();
            int heard = 0;
            var narration = new Narration(_ => Cancel(++heard == stop, source));
            try
            {
                SmallRun.Told(experiment, options, _data.Path, _work["resumed"], narration, source.Token);
            }
            catch (OperationCanceledException)
            {
                // What was being done when it stopped is done again.
            }
        }

        Assert.Equal(expected, SmallRun.Numbers(SmallRun.Of(experiment, options, _data.Path, _work["resumed"])));
    }

    [Theory]
    [Trait("Tier", "Slow")]
    [MemberData(nameof(NamesWithData))]
    public void A_kept_result_that_was_damaged_is_computed_anew(string name)
    {
        IExperiment experiment = Find(name);
        ExperimentOptions options = SmallRun.Options(experiment);
        string expected = SmallRun.Numbers(SmallRun.Of(experiment, options, _data.Path, _work["stages"]));
        foreach (string stage in Directory.GetFiles(_work["stages"]))
        {
            byte[] bytes = File.ReadAllBytes(stage);
            bytes[bytes.Length / 2] ^= 0xFF;
            File.WriteAllBytes(stage, bytes);
        }

        Assert.Equal(expected, SmallRun.Numbers(SmallRun.Of(experiment, options, _data.Path, _work["stages"])));
    }

    [Theory]
    [InlineData("mnist17", "mnist/t10k-labels-idx1-ubyte.gz")]
    [InlineData("dogfish", "dogfish/features_mnv2_inatbird_1280.f32.npy")]
    [InlineData("imdb", "imdb/aclImdb_labelled.tar.xz")]
    public void Kept_results_carry_the_checksums_of_their_data_and_files_are_listed_when_they_are_used(string name, string file)
    {
        IExperiment experiment = Find(name);
        ExperimentOptions options = SmallRun.Options(experiment);
        SmallRun.Of(experiment, options, _data.Path, _work["stages"]);
        string[] kept = [.. Written()];
        var folder = new DataFolder(_data.Path);
        experiment.Run(new ExperimentRun(
            folder, options, new StageStore(_work["stages"]), new Narration(), TestContext.Current.CancellationToken));
        Assert.Equal(kept, Written());
        Assert.Contains(folder.Used, used => used.File.Path == file);
        string sha = folder.Used.Single(used => used.File.Path == file).Sha256;
        Assert.All(Directory.GetFiles(_work["stages"]), stage => Assert.Contains(sha, StoredModel.Read(stage).Texts("key")));
    }

    [Fact]
    public void Rows_that_are_attacked_are_told_apart_by_what_they_were_chosen_from()
    {
        IExperiment experiment = Find("dogfish");
        ExperimentOptions options = SmallRun.Options(experiment);
        SmallRun.Of(experiment, options with { TestRows = 40, AttackedRows = 15 }, _data.Path, _work["stages"]);
        string again = SmallRun.Numbers(
            SmallRun.Of(experiment, options with { TestRows = 20, AttackedRows = 15 }, _data.Path, _work["stages"]));
        string fresh = SmallRun.Numbers(
            SmallRun.Of(experiment, options with { TestRows = 20, AttackedRows = 15 }, _data.Path, _work["fresh"]));
        Assert.Equal(fresh, again);
    }

    [Theory]
    [MemberData(nameof(NamesWithRidge))]
    public void The_papers_ridge_is_marked_and_has_a_head_for_each_noise(string name)
    {
        IExperiment experiment = Find(name);
        ExperimentOptions options = SmallRun.Options(experiment);
        Assert.False(SmallRun.Of(experiment, options, _data.Path, _work["stages"]).ConditionalOnLambda);
        Reproduction paper = SmallRun.Of(experiment, options with { Ridge = RidgeChoice.TryParse("paper")! }, _data.Path, _work["stages"]);
        Assert.True(paper.ConditionalOnLambda);
        Assert.Equal(options.Noises.Count, paper.Series.Count(series => series.Name == "exact"));
        Assert.Contains(paper.Notes, note => note.Contains("conditional on λ", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(NamesWithData))]
    public void Certificates_stand_in_their_order_for_every_number_of_flips(string name)
    {
        IExperiment experiment = Find(name);
        Reproduction run = SmallRun.Of(experiment, SmallRun.Options(experiment), _data.Path, _work["stages"]);
        foreach (Series kl in run.Series.Where(series => series.Name == "kl"))
        {
            Series Same(string other) => run.Series.Single(series => series.Name == other && series.Noise == kl.Noise);
            foreach (int flips in Same("structured").Curve.Steps.Append(1))
            {
                Assert.True(kl.Curve.At(flips) <= Same("tight").Curve.At(flips));
                Assert.True(Same("tight").Curve.At(flips) <= Same("structured").Curve.At(flips));
            }
        }

        foreach (Series undefended in run.Series.Where(series => series.Name == "undefended"))
            Assert.True(undefended.Curve.At(1) >= undefended.Curve.At(10));
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Every_witness_changes_its_prediction_when_applied_and_no_attack_within_the_radius_does(string name)
    {
        IExperiment experiment = Find(name);
        Reproduction run = SmallRun.Of(experiment, SmallRun.Options(experiment), _data.Path, _work["stages"]);
        CertiFlip.Paper.Claim witnesses = run.Claims.Single(claim => claim.What.Contains("witness", StringComparison.Ordinal));
        Assert.EndsWith($"of {witnesses.Here}", witnesses.What, StringComparison.Ordinal);
        Assert.Equal("0", run.Claims.Single(claim => claim.What.Contains("within the radius", StringComparison.Ordinal)).Here);
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void Certificates_of_rows_say_what_the_curve_says(string name)
    {
        IExperiment experiment = Find(name);
        Reproduction run = SmallRun.Of(experiment, SmallRun.Options(experiment), _data.Path, _work["stages"]);
        CertifiedRows rows = run.Rows!;
        Radius[] radii =
        [
            .. rows.Rows.Where((row, i) => row[CertificateKind.Exact].Prediction == rows.Truth[i])
                .Select(row => row[CertificateKind.Exact].Radius)
                .Order(),
        ];
        Assert.Equal(radii, run.Series.First(series => series.Name == "exact").Curve.Radii);
    }

    [Fact]
    public void Labels_of_training_rows_reach_no_feature()
    {
        IExperiment experiment = Find("mnist10");
        SmallRun.Of(experiment, SmallRun.Options(experiment), _data.Path, _work["before"]);
        byte[] labels = RawData.Unpacked(_data, "train-labels-idx1-ubyte.gz");
        for (int row = 8; row < labels.Length; row++)
            labels[row] = (byte)((labels[row] + 3) % 10);
        RawData.Pack(_data, "train-labels-idx1-ubyte.gz", labels);
        SmallRun.Of(experiment, SmallRun.Options(experiment), _data.Path, _work["after"]);
        Assert.Equal(Features("before"), Features("after"));

        double[] Features(string folder)
        {
            var kept = StoredModel.Read(Path.Combine(_work[folder], "spectral.stage"));
            return [.. kept.Doubles("training features"), .. kept.Doubles("test features")];
        }
    }

    [Theory]
    [InlineData("mnist17", "mnist/train-images-idx3-ubyte.gz")]
    [InlineData("dogfish", "dogfish/manifest.csv")]
    [InlineData("imdb", "imdb/aclImdb_labelled.tar.xz")]
    public void A_missing_file_is_named_with_where_to_get_it(string name, string file)
    {
        File.Delete(Path.Combine(_data.Path, file));
        IExperiment experiment = Find(name);
        string message =
            Assert.Throws<DataException>(() => SmallRun.Of(experiment, SmallRun.Options(experiment), _data.Path, _work["stages"])).Message;
        Assert.Contains("there is no such file. It is ", message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", message, StringComparison.Ordinal);
        Assert.Contains("with --data", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Averaged_word_vectors_are_the_other_map_of_texts()
    {
        IExperiment experiment = Find("imdb");
        ExperimentOptions options = SmallRun.Options(experiment) with { TextMap = TextMap.WordVectors };
        Reproduction given = SmallRun.Of(experiment, options, _data.Path, _work["stages"]);
        Assert.Contains(given.Notes, note => note.StartsWith("3 features: the mean", StringComparison.Ordinal));
        string own = _work.Write("own.txt", "wonderful 1 0\ndreadful -1 0\n");
        Reproduction users = SmallRun.Of(experiment, options with { WordVectors = own }, _data.Path, _work["stages"]);
        Assert.Contains(users.Notes, note => note.StartsWith("2 features: the mean", StringComparison.Ordinal));
    }

    [Fact]
    public void An_archive_that_is_cut_is_refused_by_name()
    {
        string archive = _data[Path.Combine("imdb", "aclImdb_labelled.tar.xz")];
        File.WriteAllBytes(archive, File.ReadAllBytes(archive)[..1000]);
        IExperiment experiment = Find("imdb");
        string message =
            Assert.Throws<DataException>(() => SmallRun.Of(experiment, SmallRun.Options(experiment), _data.Path, _work["stages"])).Message;
        Assert.StartsWith(archive, message, StringComparison.Ordinal);
    }

    /// <summary>When each kept result was written.</summary>
    private IEnumerable<string> Written() =>
        Directory.GetFiles(_work["stages"]).Order(StringComparer.Ordinal).Select(stage => $"{stage} {File.GetLastWriteTimeUtc(stage):O}");

    private static void Cancel(bool now, CancellationTokenSource source)
    {
        if (now)
            source.Cancel();
    }

    private static IExperiment Find(string name) => SmallRun.All.Single(experiment => experiment.Name == name);
}
