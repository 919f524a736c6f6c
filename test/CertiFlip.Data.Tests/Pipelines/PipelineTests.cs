using CertiFlip.Data.Pipelines;
using CertiFlip.Features;
using CertiFlip.Heads;

namespace CertiFlip.Data.Tests.Pipelines;

public sealed class PipelineTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Maps_follow_each_other_and_a_model_file_keeps_them_all()
    {
        Table texts = Texts(40);
        MapStep[] steps = [new FitStep(new LatentSemanticsChoice().WithComponents(5)!), new FitStep(new StandardScalerChoice())];
        (Pipeline pipeline, FeatureMatrix features) = Pipeline.Fit(texts, steps, PreprocessingRules.None, "text");
        Assert.Equal((5, 5), (features.Columns, pipeline.RowShape.Single()));
        Dataset data = Dataset.Of(texts, pipeline with { IdColumn = "id" }, features) with { Labels = Labels(40) };
        var model = TrainedModel.Fit(data, HeadChoice.Default);
        string path = _folder["text.model"];
        TrainedModelFile.Store(model).Write(path);
        Dataset restored = TrainedModelFile.Restore(StoredModel.Read(path)).Training;
        Assert.Equal(data.Ids, restored.Ids);
        Assert.Equal(
            pipeline.Transform(Texts(7)).Values.ToArray(), restored.Pipeline!.Transform(Texts(7)).Values.ToArray());
        Assert.Equal(pipeline.Description, restored.Pipeline.Description);
    }

    [Fact]
    public void Labels_reach_no_step()
    {
        Table texts = Texts(30);
        (Pipeline one, _) = Pipeline.Fit(
            texts, [new FitStep(new LatentSemanticsChoice().WithComponents(3)!)], PreprocessingRules.None, "text");
        string[] flipped = [.. Labels(30).Select(label => label == "a" ? "b" : "a")];
        Dataset first = Dataset.Of(texts, one) with { Labels = Labels(30) }, second = Dataset.Of(texts, one) with { Labels = flipped };
        Assert.Equal(first.Features.Values.ToArray(), second.Features.Values.ToArray());
    }

    [Fact]
    public void Steps_are_fitted_to_some_of_the_rows_where_that_is_asked_for()
    {
        Table all = Numbers(1, 2, 3, 100);
        (Pipeline pipeline, FeatureMatrix features) = Pipeline.Fit(all, [], new PreprocessingRules(), fittedTo: [0, 1, 2]);
        (_, FeatureMatrix alone) = Pipeline.Fit(Numbers(1, 2, 3), [], new PreprocessingRules());
        Assert.Equal(alone.Values.ToArray(), features.Values[..3].ToArray());
        Assert.Equal(features.Values[3..].ToArray(), pipeline.Transform(Numbers(100)).Values.ToArray());
    }

    [Fact]
    public void Steps_that_do_not_fit_together_are_refused()
    {
        Table numbers = Numbers(1, 2, 3);
        FitStep texts = new(new LatentSemanticsChoice());
        Assert.Contains("name their column with --text", Refusal(() => Pipeline.Fit(numbers, [texts], PreprocessingRules.None)));
        Assert.Contains(
            "takes texts; name it before maps of numbers",
            Refusal(() => Pipeline.Fit(numbers, [new FitStep(new StandardScalerChoice()), texts], PreprocessingRules.None)));
        Assert.Contains(
            "numbers.csv: ", Refusal(() => Pipeline.Fit(numbers, [new FitStep(new SpectralFeaturesChoice())], PreprocessingRules.None)));
    }

    [Fact]
    public void A_file_that_was_damaged_is_refused()
    {
        (Pipeline pipeline, _) = Pipeline.Fit(Numbers(1, 2, 3), [new FitStep(new StandardScalerChoice())], PreprocessingRules.None);
        var arrays = new ModelArrays();
        pipeline.Store(arrays);
        foreach (string name in arrays.All.Keys)
        {
            var damaged = new ModelArrays();
            foreach ((string other, Array values) in arrays.All.Where(array => array.Key != name))
                damaged.AddPart(other.Contains('/') ? other[..other.LastIndexOf('/')] : "",
                    Single(other[(other.LastIndexOf('/') + 1)..], values));
            Assert.ThrowsAny<Exception>(() => Pipeline.Restore(damaged));
        }
    }

    [Fact]
    public void Files_may_name_rows_by_their_ids()
    {
        Table table = Texts(5);
        (Pipeline pipeline, FeatureMatrix features) =
            Pipeline.Fit(table, [new FitStep(new LatentSemanticsChoice().WithComponents(2)!)], PreprocessingRules.None, "text");
        Dataset data = Dataset.Of(table, pipeline with { IdColumn = "id" }, features).Select([0, 2, 3]);
        Assert.Equal(("t2", 2), (data.NameOf(1), data.NumberOf(1)));
        Assert.Equal([3, 0], LabelReader.ReadRows(_folder.Write("trusted.csv", "id\nt3\nt0\n"), data));
        Assert.Equal([4, 1], LabelReader.ReadRows(_folder.Write("rows.csv", "row\n4\n1\n"), data));
        Assert.Equal(
            ["9", "8", "7", "6", "5"],
            LabelReader.ReadValues(_folder.Write("costs.csv", "id,cost\nt1,8\nt0,9\nt4,5\nt2,7\nt3,6\n"), "cost", data).Texts);
        Assert.Contains(
            "line 2: no row has the id 'x'", Refusal(() => LabelReader.ReadRows(_folder.Write("x.csv", "id\nx\n"), data)));
        Assert.Contains(
            "the row 't4' is missing",
            Refusal(() => LabelReader.ReadValues(_folder.Write("few.csv", "id,cost\nt0,1\nt1,1\nt2,1\nt3,1\n"), "cost", data)));
        Assert.Contains(
            "the row 't0' is there twice",
            Refusal(() => LabelReader.ReadValues(_folder.Write("twice.csv", "id,cost\nt0,1\nt0,1\n"), "cost", data)));
    }

    [Fact]
    public void Ids_tell_rows_apart()
    {
        Table table = new("t.csv", [new TextColumn("id", ["a", "b", "a"]), new NumberColumn("x", [1, 2, 3])]);
        Assert.Contains("the id 'a' is there twice", Refusal(() => Pipeline.IdsOf(table, "id")));
        Assert.Contains("no column is named 'key'", Refusal(() => Pipeline.IdsOf(table, "key")));
        Assert.Contains("is empty", Refusal(() => Pipeline.IdsOf(new Table("t.csv", [new TextColumn("id", ["a", null])]), "id")));
    }

    private static ModelArrays Single(string name, Array values)
    {
        var arrays = new ModelArrays();
        switch (values)
        {
            case double[] numbers:
                arrays.Add(name, numbers);
                break;
            case int[] integers:
                arrays.Add(name, integers);
                break;
            default:
                arrays.Add(name, (string[])values);
                break;
        }

        return arrays;
    }

    private static string[] Labels(int rows) => [.. Enumerable.Range(0, rows).Select(row => row % 2 == 0 ? "a" : "b")];

    private static Table Texts(int rows) => new("texts.csv",
    [
        new TextColumn("id", [.. Enumerable.Range(0, rows).Select(row => $"t{row}")]),
        new TextColumn("text", [.. Enumerable.Range(0, rows).Select(row =>
            $"{(row % 2 == 0 ? "good" : "bad")} film {row % 7} {(row % 3 == 0 ? "plot" : "actor")} scene{row % 5}")]),
    ]);

    private static Table Numbers(params double[] values) => new("numbers.csv", [new NumberColumn("x", values)]);

    private static string Refusal(Action action) => Assert.Throws<DataException>(action).Message;
}
