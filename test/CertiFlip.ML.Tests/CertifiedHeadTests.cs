using CertiFlip.Heads;
using CertiFlip.ML.Tests.Support;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CertiFlip.ML.Tests;

/// <summary>The columns say what CertiFlip's own certifier says of the same features.</summary>
public sealed class CertifiedHeadTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData("ridge")]
    [InlineData("saturated-ridge")]
    [InlineData("knn:7")]
    [InlineData("kernel")]
    public void Radii_are_those_of_the_certifier(string head)
    {
        Row[] train = Rows.Make(90), test = Rows.Make(40, seed: 2);
        var options = new CertifiedHeadOptions
        {
            Head = HeadChoice.TryParse(head)!,
            LabelColumnName = "Name",
            Classes = ClassList.Of("ant", "bee", "cat"),
            Flips = 3,
        };
        Verdict[] verdicts = Verdicts(_context.CertifiedHead(options), train, test);

        var training = new TrainingSet(Matrix(train), [.. train.Select(row => row.Name)], options.Classes);
        var certifier = Certifier.Fit(training, new CertifierOptions { Head = options.Head });
        IReadOnlyList<RowCertificates> expected =
            certifier.CertifyBatch(Matrix(test), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(expected.Select(row => training.Classes[row.Exact.Prediction]), verdicts.Select(verdict => verdict.Prediction));
        Assert.Equal(
            expected.Select(row => row.Exact.Radius.IsAny ? train.Length : row.Exact.Radius.Budget),
            verdicts.Select(verdict => verdict.Radius));
        Assert.Equal(expected.Select(row => row.Exact.Radius.Survives(3)), verdicts.Select(verdict => verdict.Certified));
        Assert.Contains(verdicts, verdict => verdict.Certified);
        Assert.Contains(verdicts, verdict => !verdict.Certified);
    }

    [Theory]
    [InlineData("Name", "ant")]
    [InlineData("Flag", false)]
    [InlineData("Number", 0f)]
    [InlineData("Whole", 0)]
    public void A_prediction_has_the_type_of_its_label(string label, object first)
    {
        Verdict[] verdicts = Verdicts(_context.CertifiedRidge(label), Rows.Make(60, classes: 2), Rows.Make(10, seed: 3, classes: 2));
        Assert.Equal(first, verdicts[0].Prediction);
        Assert.Equal(2, verdicts.Select(verdict => verdict.Prediction).Distinct().Count());
    }

    [Fact]
    public void Scores_follow_the_key_s_order_and_the_prediction_has_the_largest()
    {
        Row[] rows = Rows.Make(60).OrderByDescending(row => row.Name, StringComparer.Ordinal).ToArray(); // The first key is cat.
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        IDataView scored = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_context.CertifiedRidge())
            .Fit(data).Transform(data);
        Verdict[] byKey = Rows.Read(scored), byName = Verdicts(_context.CertifiedRidge("Name"), rows, rows);

        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(["cat", "bee", "ant"], names.DenseValues().Select(name => name.ToString()));
        scored.Schema["PredictedLabel"].GetKeyValues(ref names);
        Assert.Equal(["cat", "bee", "ant"], names.DenseValues().Select(name => name.ToString()));
        string[] keys = ["cat", "bee", "ant"];
        Assert.Equal(byName.Select(verdict => verdict.Prediction), byKey.Select(verdict => keys[(uint)verdict.Prediction! - 1]));
        Assert.Equal(byName.Select(verdict => verdict.Radius), byKey.Select(verdict => verdict.Radius));
        Assert.All(byKey, verdict => Assert.Equal((int)(uint)verdict.Prediction! - 1, Array.IndexOf(verdict.Scores, verdict.Scores.Max())));
        Assert.All(byName.Zip(byKey), pair => Assert.Equal(pair.First.Scores, pair.Second.Scores.Reverse()));
    }

    [Fact]
    public void The_values_of_a_key_are_no_stated_number_of_classes()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Rows.Make(60));
        IDataView keyed = _context.Transforms.Conversion.MapValueToKey("Label", "Name").Fit(data).Transform(data);
        var options = new CertifiedHeadOptions { Head = HeadChoice.TryParse("saturated-ridge:classes")! };
        Assert.Throws<ArgumentException>(() => _context.CertifiedHead(options).Fit(keyed));
        CertifiedHeadTransformer ridge = _context.CertifiedHead(new CertifiedHeadOptions { LabelColumnName = "Label" }).Fit(keyed);
        Assert.False(ridge.TrainingLabels.Classes.IsStated);
        CertifiedHeadTransformer stated = _context.CertifiedHead(options with { Classes = ClassList.Of("ant", "bee", "cat") }).Fit(keyed);
        Assert.Equal("saturated-ridge:3", stated.Options.Head.Text);
        Assert.Equal("saturated-ridge:2", _context.CertifiedHead(options with { LabelColumnName = "Flag" }).Fit(data).Options.Head.Text);
    }

    [Fact]
    public void A_score_is_positive_where_true_is_predicted()
    {
        Verdict[] verdicts = Verdicts(_context.CertifiedRidge("Flag"), Rows.Make(60, classes: 2), Rows.Make(30, seed: 4, classes: 2));
        Assert.All(verdicts, verdict => Assert.Equal(verdict.Prediction, verdict.Scores[0] > 0));
    }

    /// <summary>The same numbers, as vectors of all of them and as vectors of those that are not zero.</summary>
    [Theory]
    [InlineData("ridge")]
    [InlineData("saturated-ridge")]
    [InlineData("knn:3")]
    [InlineData("kernel")]
    public void Sparse_vectors_give_what_dense_ones_give(string head)
    {
        const int Columns = 200;
        var random = new Random(5);
        float[][] dense = [.. Enumerable.Range(0, 30).Select(_ =>
            Enumerable.Range(0, Columns).Select(_ => random.Next(20) == 0 ? (float)random.NextDouble() : 0).ToArray())];
        VBuffer<float>[] sparse = [.. dense.Select(row =>
        {
            int[] indices = [.. Enumerable.Range(0, Columns).Where(i => row[i] != 0)];
            return new VBuffer<float>(Columns, indices.Length, [.. indices.Select(i => row[i])], indices);
        })];
        SchemaDefinition schema = SchemaDefinition.Create(typeof(SparseRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Columns);
        Verdict[] Of(IEnumerable<VBuffer<float>> rows)
        {
            IDataView data = _context.Data.LoadFromEnumerable(
                rows.Select((row, i) => new SparseRow { Features = row, Label = i % 2 == 0 }), schema);
            var options = new CertifiedHeadOptions { Head = HeadChoice.TryParse(head)! };
            return Rows.Read(_context.CertifiedHead(options).Fit(data).Transform(data));
        }

        Verdict[] fromDense = Of(dense.Select(row => new VBuffer<float>(Columns, row))), fromSparse = Of(sparse);
        Assert.All(fromDense.Zip(fromSparse), pair =>
        {
            Assert.Equal(pair.First.Scores, pair.Second.Scores);
            Assert.Equal(pair.First with { Scores = [] }, pair.Second with { Scores = [] });
        });
    }

    [Fact]
    public void Threads_change_nothing()
    {
        Row[] train = Rows.Make(90), test = Rows.Make(700, seed: 6);
        Verdict[] Of(int threads) => Verdicts(
            _context.CertifiedHead(new CertifiedHeadOptions { LabelColumnName = "Name", Threads = threads }), train, test);
        Assert.All(Of(1).Zip(Of(7)), pair =>
        {
            Assert.Equal(pair.First.Scores, pair.Second.Scores);
            Assert.Equal(pair.First with { Scores = [] }, pair.Second with { Scores = [] });
        });
    }

    [Fact]
    public void A_batch_says_what_a_prediction_engine_says()
    {
        Row[] train = Rows.Make(60, classes: 2), test = Rows.Make(20, seed: 7, classes: 2);
        CertifiedHeadTransformer model = _context.CertifiedRidge("Flag").Fit(_context.Data.LoadFromEnumerable(train));
        PredictionEngine<Row, Flagged> engine = _context.Model.CreatePredictionEngine<Row, Flagged>(model);
        Verdict[] verdicts = Rows.Read(model.Transform(_context.Data.LoadFromEnumerable(test)));
        Assert.All(test.Zip(verdicts), pair =>
        {
            Flagged answer = engine.Predict(pair.First);
            Assert.Equal(
                (pair.Second.Prediction, pair.Second.Radius, pair.Second.Certified, pair.Second.Scores[0]),
                (answer.PredictedLabel, answer.Radius, answer.Certified, answer.Score));
        });
    }

    [Fact]
    public void Other_columns_pass_through_and_rows_keep_their_order_when_shuffled()
    {
        Row[] train = Rows.Make(60), test = Rows.Make(1_200, seed: 8);
        IDataView data = _context.Data.LoadFromEnumerable(test);
        CertifiedHeadTransformer model = _context.CertifiedRidge("Name").Fit(_context.Data.LoadFromEnumerable(train));
        var radii = Rows.Read(model.Transform(data)).Zip(test).ToDictionary(pair => pair.Second.Features[0], pair => pair.First.Radius);
        IDataView shuffled = model.Transform(_context.Data.ShuffleRows(data, seed: 3));
        RadiusOfRow[] rows = [.. _context.Data.CreateEnumerable<RadiusOfRow>(shuffled, reuseRowObject: false)];
        Assert.Equal(test.Length, rows.Length);
        Assert.NotEqual(test.Select(row => row.Features[0]), rows.Select(row => row.Features[0]));
        Assert.All(rows, row => Assert.Equal(radii[row.Features[0]], row.Radius));
    }

    [Fact]
    public void A_feature_that_is_missing_is_refused_in_training_and_certifies_nothing_later()
    {
        Row[] train = Rows.Make(30), test = Rows.Make(5);
        test[2].Features[1] = float.NaN;
        test[3].Features[0] = 1e38f; // So far away that weights lose their meaning, or not: the others must stay.
        Verdict[] all = Verdicts(_context.CertifiedRidge("Name"), train, test);
        Assert.True(all[2] is { Radius: 0, Certified: false } && float.IsNaN(all[2].Scores[0]) && (string)all[2].Prediction! == "");
        foreach (int row in (int[])[0, 1, 4])
        {
            Verdict alone = Verdicts(_context.CertifiedRidge("Name"), train, [test[row]])[0];
            Assert.Equal(all[row] with { Scores = [] }, alone with { Scores = [] });
        }


        train[7].Features[1] = float.PositiveInfinity;
        var refusal = Assert.Throws<ArgumentException>(() => Verdicts(_context.CertifiedRidge("Name"), train, test));
        Assert.Contains("Row 7", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ReplaceMissingValues", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_a_label_are_passed_over_and_reported()
    {
        Row[] rows = Rows.Make(40), labelled = [.. rows.Where((_, i) => i is not (3 or 9))];
        rows[3].Name = rows[9].Name = "";
        List<string> log = [];
        _context.Log += (_, entry) => log.Add(entry.Message);
        Row[] test = Rows.Make(10, seed: 9);
        Verdict[] with = Verdicts(_context.CertifiedRidge("Name"), rows, test), without =
            Verdicts(_context.CertifiedRidge("Name"), labelled, test);
        Assert.Equal(without.Select(verdict => verdict.Radius), with.Select(verdict => verdict.Radius));
        Assert.Contains(log, line => line.Contains("2 rows without a label are passed over", StringComparison.Ordinal));
        CertifiedHeadTransformer model = _context.CertifiedRidge("Name").Fit(_context.Data.LoadFromEnumerable(rows));
        Assert.Equal((38, 2, 4, 39), (model.TrainingLabels.Count, model.RowInView(2), model.RowInView(3), model.RowInView(37)));
    }

    [Fact]
    public void Trusted_rows_cannot_be_wrong()
    {
        Row[] train = Rows.Make(90), test = Rows.Make(30, seed: 2);
        var options = new CertifiedHeadOptions { LabelColumnName = "Name", TrustedColumnName = "Trusted" };
        Verdict[] verdicts = Verdicts(_context.CertifiedHead(options), train, test);
        var adversary = new LabelFlipAdversary { TrustedRows = [.. Enumerable.Range(0, 90).Where(i => i % 5 == 0)] };
        var certifier = Certifier.Fit(
            new TrainingSet(Matrix(train), [.. train.Select(row => row.Name)]), new CertifierOptions { Adversary = adversary });
        Assert.Equal(
            certifier.CertifyBatch(Matrix(test), cancellationToken: TestContext.Current.CancellationToken)
                .Select(row => row.Exact.Radius.IsAny ? 90 : row.Exact.Radius.Budget),
            verdicts.Select(verdict => verdict.Radius));
    }

    /// <summary>
    /// Three labels of a class that nobody stated could all be wrong, and then there would be no such class.
    /// </summary>
    [Fact]
    public void Nothing_is_certified_beyond_the_rarest_class_of_a_list_that_was_read_off_the_labels()
    {
        Row[] train = [.. Rows.Make(90).Where(row => row.Name != "cat"), .. Rows.Make(90).Where(row => row.Name == "cat").Take(3)];
        Verdict[] Of(ClassList? classes, int flips) => Verdicts(
            _context.CertifiedHead(new CertifiedHeadOptions { LabelColumnName = "Name", Classes = classes, Flips = flips }), train, train);
        bool Any(ClassList? classes, int flips) => Of(classes, flips).Any(verdict => verdict.Certified);
        Assert.True(Any(null, 2));
        Assert.False(Any(null, 3));
        var stated = ClassList.Of("ant", "bee", "cat");
        Assert.True(Any(stated, 3));

        // Neither does a radius reach further, and the column says how far it can.
        Verdict[] all = Of(stated, 1);
        Assert.Contains(all, verdict => verdict.Radius > 2);
        Assert.Equal(all.Select(verdict => Math.Min(verdict.Radius, 2)), Of(null, 1).Select(verdict => verdict.Radius));
        IDataView data = _context.Data.LoadFromEnumerable(train);
        int largest = 0;
        _context.CertifiedRidge("Name").Fit(data).Transform(data).Schema["Radius"].Annotations.GetValue("LargestRadius", ref largest);
        Assert.Equal(2, largest);
        Assert.Null(_context.CertifiedRidge("Flag").Fit(data).Transform(data).Schema["Radius"].Annotations.Schema
            .GetColumnOrNull("LargestRadius"));
    }

    [Fact]
    public void More_features_than_memory_holds_are_refused_before_they_are_asked_for()
    {
        const int Columns = 400_000_000;
        SchemaDefinition schema = SchemaDefinition.Create(typeof(SparseRow));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Columns);
        IDataView data = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 20).Select(i => new SparseRow { Features = new(Columns, 1, [1f], [i]), Label = i % 2 == 0 }), schema);
        foreach (string head in (string[])["ridge", "saturated-ridge", "knn:3", "kernel"])
        {
            var options = new CertifiedHeadOptions { Head = HeadChoice.TryParse(head)! };
            var refusal = Assert.Throws<InvalidOperationException>(() => _context.CertifiedHead(options).Fit(data));
            Assert.Contains("Make fewer features", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_cannot_be_used_is_refused_in_words()
    {
        Row[] rows = Rows.Make(30);
        IDataView data = _context.Data.LoadFromEnumerable(rows), empty = _context.Data.LoadFromEnumerable(Array.Empty<Row>());
        string Refusal(CertifiedHeadEstimator head, IDataView view) => Assert.ThrowsAny<ArgumentException>(() => head.Fit(view)).Message;
        Assert.Contains("no label column 'Label'. The columns are: Name, Flag",
            Refusal(_context.CertifiedRidge(), data), StringComparison.Ordinal);
        Assert.Contains("vectors of Single or Double", Refusal(_context.CertifiedRidge("Flag", "Number"), data), StringComparison.Ordinal);
        Assert.Contains("a key, a text, a Boolean or a number", Refusal(_context.CertifiedRidge("Features"), data),
            StringComparison.Ordinal);
        Assert.Contains("There are no training rows", Refusal(_context.CertifiedRidge("Name"), empty), StringComparison.Ordinal);
        var two = new CertifiedHeadOptions { LabelColumnName = "Name", Classes = ClassList.Of("ant", "bee") };
        Assert.Contains("has the label 'cat', which is not one of the classes: ant, bee",
            Refusal(_context.CertifiedHead(two), data), StringComparison.Ordinal);
        Assert.Contains("needs 99 training rows",
            Refusal(_context.CertifiedNearestNeighbours("Name", neighbours: 99), data), StringComparison.Ordinal);
        Assert.Contains("needs a Boolean", Refusal(_context.BinaryClassification.Trainers.CertifiedRidge("Name"), data),
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _context.CertifiedRidge(ridge: "paper"));
        Assert.Throws<ArgumentOutOfRangeException>("flips", () => _context.CertifiedRidge(flips: -1));
        Assert.Throws<ArgumentOutOfRangeException>("Flips", () => new CertifiedHeadOptions { Flips = 0 });
        Assert.Throws<ArgumentOutOfRangeException>("neighbours", () => _context.CertifiedNearestNeighbours(neighbours: 0));
        Assert.Empty(Rows.Read(_context.CertifiedRidge("Name").Fit(data).Transform(empty)));
        IDataView other = _context.Transforms.Concatenate("Features", "Number").Fit(data).Transform(data);
        Assert.Contains(
            "has 1 features, but the head was fitted to 4",
            Assert.Throws<ArgumentException>(() => _context.CertifiedRidge("Name").Fit(data).Transform(other)).Message,
            StringComparison.Ordinal);
    }

    private Verdict[] Verdicts(CertifiedHeadEstimator head, Row[] train, Row[] test) =>
        Rows.Read(head.Fit(_context.Data.LoadFromEnumerable(train)).Transform(_context.Data.LoadFromEnumerable(test)));

    private static FeatureMatrix Matrix(Row[] rows) => FeatureMatrix.FromRows([.. rows.Select(row => row.Features)]);

    private sealed class SparseRow
    {
        public VBuffer<float> Features { get; set; }

        public bool Label { get; set; }
    }

    private sealed class Flagged
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }

        public int Radius { get; set; }

        public bool Certified { get; set; }
    }

    private sealed class RadiusOfRow
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];

        public int Radius { get; set; }
    }
}
