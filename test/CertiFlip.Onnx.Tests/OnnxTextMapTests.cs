using System.Text;
using CertiFlip.Data;
using Microsoft.Extensions.AI;

namespace CertiFlip.Onnx.Tests;

/// <summary>Texts by a model: the model that tests use looks the vector of each token up in a table.</summary>
public sealed class OnnxTextMapTests : IDisposable
{
    private const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\ngood\nbad\nfilm";

    // Token t has the vector (t, t²).
    private static readonly float[] Table = [.. Enumerable.Range(0, 8).SelectMany(token => new float[] { token, token * token })];
    private readonly TestFolder _folder = new();

    public OnnxTextMapTests() => _folder.Write("vocab.txt", Vocabulary);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Vectors_of_tokens_are_averaged_or_the_first_is_taken(int length)
    {
        using OnnxTextMap mean = Load(length: length);
        FeatureMatrix features = mean.Transform(["good film", "bad", ""]);
        Assert.Equal([(2 + 5 + 7 + 3) / 4f, (4 + 25 + 49 + 9) / 4f], features.Row(0).ToArray());
        Assert.Equal([(float)((2 + 6 + 3) / 3.0), (float)((4 + 36 + 9) / 3.0)], features.Row(1).ToArray());
        using OnnxTextMap first = Load(new OnnxTextOptions { Pooling = TokenPooling.First }, length);
        Assert.Equal([2, 4], first.Transform(["good film"]).Row(0).ToArray());
    }

    [Fact]
    public void Vectors_are_scaled_to_length_one_where_that_is_asked()
    {
        using OnnxTextMap map = Load(new OnnxTextOptions { Normalise = true });
        double[] row = [.. map.Transform(["good film"]).Row(0)];
        Assert.Equal(1, row.Sum(x => x * x), 6);
        Assert.Equal((2 + 5 + 7 + 3) / (double)(4 + 25 + 49 + 9), row[0] / row[1], 6);
    }

    [Fact]
    public void A_long_text_is_cut()
    {
        using OnnxTextMap map = Load(new OnnxTextOptions { MostTokens = 4 });
        FeatureMatrix features = map.Transform(["good film bad bad bad", "good film"]);
        Assert.Equal(features.Row(1).ToArray(), features.Row(0).ToArray());
        Assert.Contains("of 2 tokens, 2 stand around every text", Assert.Throws<DataException>(
            () => Load(new OnnxTextOptions { MostTokens = 2 })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_Sentence_Transformers_beside_the_model_say_how()
    {
        Directory.CreateDirectory(_folder["1_Pooling"]);
        _folder.Write(Path.Combine("1_Pooling", "config.json"), """{"pooling_mode_cls_token": true, "pooling_mode_mean_tokens": false}""");
        _folder.Write("modules.json", """[{"type": "sentence_transformers.models.Normalize"}]""");
        _folder.Write("sentence_bert_config.json", """{"max_seq_length": 9}""");
        using OnnxTextMap map = Load();
        Assert.Equal((TokenPooling.First, true, 9), (map.Pooling, map.Normalise, map.MostTokens));
        using OnnxTextMap other = Load(new OnnxTextOptions { Pooling = TokenPooling.Mean, Normalise = false, MostTokens = 5 });
        Assert.Equal((TokenPooling.Mean, false, 5), (other.Pooling, other.Normalise, other.MostTokens));
        _folder.Write(Path.Combine("1_Pooling", "config.json"), """{"pooling_mode_max_tokens": true}""");
        Assert.Contains("asks for neither the mean of tokens nor the first", Assert.Throws<DataException>(() => Load()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_with_the_model_in_its_folder_onnx_is_a_model()
    {
        Directory.CreateDirectory(_folder["onnx"]);
        _folder.Write(Path.Combine("onnx", "model.onnx"), TinyModel.OfTexts(Table, 2).ToBytes());
        using OnnxTextMap map = OnnxTextMap.Load(_folder.Path);
        Assert.Equal(2, map.Features);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Any_number_of_threads_and_other_texts_give_the_same_bytes(int threads)
    {
        string[] texts = [.. Enumerable.Range(0, 100)
            .Select(i => string.Concat(Enumerable.Repeat(i % 3 == 0 ? "good " : "bad film ", i % 17)))];
        using OnnxTextMap map = Load(new OnnxTextOptions { Normalise = true });
        double[] expected = map.Transform(texts, new ParallelOptions { MaxDegreeOfParallelism = 1 }).Values.ToArray();
        Assert.Equal(expected, map.Transform(texts, new ParallelOptions { MaxDegreeOfParallelism = threads }).Values.ToArray());
        Assert.Equal(map.Transform(texts[5..6]).Values.ToArray(), expected[10..12]);
    }

    [Fact]
    public void A_second_run_computes_nothing_and_what_is_stored_needs_no_files()
    {
        string[] texts = ["good", "bad", "good film"];
        using OnnxTextMap map = Load(new OnnxTextOptions { MostTokens = 6 });
        map.Cache = new FeatureCache(_folder["cache"]);
        double[] expected = map.Transform(texts).Values.ToArray();
        var stored = StoredModel.Of(map);
        string path = _folder["map.model"];
        stored.Write(path);
        File.Delete(_folder["vocab.txt"]);
        using OnnxTextMap restored = StoredModel.Read(path).Restore<OnnxTextMap>();
        Assert.Equal(expected, restored.Transform(texts).Values.ToArray());
        Assert.Equal(3, restored.Runs);
        using OnnxTextMap again = StoredModel.Read(path).Restore<OnnxTextMap>();
        again.Cache = map.Cache;
        Assert.Equal(expected, again.Transform(texts).Values.ToArray());
        Assert.Equal(0, again.Runs);
    }

    [Fact]
    public void A_model_of_images_is_refused_for_texts_and_the_other_way_round()
    {
        string images = _folder.Write("images.onnx", TinyModel.OfImages().ToBytes());
        Assert.Contains("this model does not take texts", Assert.Throws<DataException>(() => OnnxTextMap.Load(images)).Message,
            StringComparison.Ordinal);
        string texts = _folder.Write("texts.onnx", TinyModel.OfTexts(Table, 2).ToBytes());
        Assert.Contains("a model of images has one input", Assert.Throws<DataException>(() => OnnxImageMap.Load(texts)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_tokenizer_the_model_is_refused()
    {
        File.Delete(_folder["vocab.txt"]);
        Assert.Contains("there is no tokenizer beside the model; put its tokenizer.json there",
            Assert.Throws<DataException>(() => Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_the_model_does_not_know_ends_in_one_line()
    {
        _folder.Write("vocab.txt", Vocabulary + "\nmore");
        using OnnxTextMap map = Load();
        string message = Assert.Throws<DataException>(() => map.Transform(["more"])).Message;
        Assert.Contains("the model cannot be run", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public async Task Any_embedding_generator_is_a_map()
    {
        int done = 0;
        var map = new EmbeddingGeneratorMap<string>(new Lengths());
        string[] texts = [.. Enumerable.Range(0, 150).Select(i => new string('a', i))];
        FeatureMatrix features =
            await map.TransformAsync(texts, new Counter(count => done += count), TestContext.Current.CancellationToken);
        Assert.Equal((150, 2, 150), (features.Rows, features.Columns, done));
        Assert.Equal([149, 1], features.Row(149).ToArray());
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => map.TransformAsync(texts, null, stop.Token));
    }

    private OnnxTextMap Load(OnnxTextOptions? options = null, int length = 0) =>
        OnnxTextMap.Load(_folder.Write("model.onnx", TinyModel.OfTexts(Table, 2, length).ToBytes()), options);

    private sealed class Counter(Action<int> count) : IProgress<int>
    {
        public void Report(int value) => count(value);
    }

    private sealed class Lengths : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(
                values.Select(value => new Embedding<float>(new float[] { Encoding.UTF8.GetByteCount(value), 1 }))));
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
