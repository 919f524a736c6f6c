using System.Text;
using System.Text.Json;
using CertiFlip.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CertiFlip.Onnx;

/// <summary>How the vectors of a text's tokens become one.</summary>
public enum TokenPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The first, which stands for the whole text (CLS).</summary>
    First,
}

/// <summary>How an ONNX model is used on texts, where the files beside it do not say it.</summary>
public sealed record OnnxTextOptions
{
    /// <summary>
    /// How the vectors of tokens become one; null takes what the files beside the model say, else the mean.
    /// </summary>
    public TokenPooling? Pooling { get; init; }

    /// <summary>
    /// Whether vectors are scaled to length 1; null takes what the files beside the model say, else not.
    /// </summary>
    public bool? Normalise { get; init; }

    /// <summary>The most tokens of a text; the rest is left out. Null takes what the files say, else 512.</summary>
    public int? MostTokens { get; init; }

    /// <summary>The output that features are taken from; null takes the one that there is.</summary>
    public string? Output { get; init; }

    /// <summary>Reads options as the command line has them.</summary>
    /// <param name="settings">
    /// Pairs such as <c>pooling=mean</c> (or <c>first</c>), <c>normalise=yes</c> (or <c>no</c>), <c>tokens=256</c> and
    /// <c>output=NAME</c>.
    /// </param>
    /// <exception cref="FormatException">A pair is none of these; the message says what was expected.</exception>
    public static OnnxTextOptions Parse(IEnumerable<string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        OnnxTextOptions options = new();
        foreach (string setting in settings)
        {
            (string name, string value) = MapSetting.Of(setting);
            options = name switch
            {
                "output" => options with { Output = value },
                "pooling" => options with { Pooling = MapSetting.OneOf<TokenPooling>(setting, value) },
                "normalise" => options with { Normalise = MapSetting.Is(setting, value, "yes", "no") },
                "tokens" => options with { MostTokens = MapSetting.Whole(setting, value) },
                _ => throw MapSetting.Expected(setting, "for a model of texts: pooling, normalise, tokens or output, as in tokens=256"),
            };
        }

        return options;
    }
}

/// <summary>
/// h, features of texts by an ONNX model, such as a sentence transformer, with its own tokenizer. It must have been
/// trained on other data than those to defend.
/// </summary>
/// <remarks>
/// Features depend on the text alone: not on the number of threads, nor on other texts. Other processors may round
/// otherwise. Thread-safe.
/// </remarks>
public sealed class OnnxTextMap : ITextFeatureMap, IStorable<OnnxTextMap>, IDisposable
{
    private const int UsualMost = 512;
    private const string Ids = "input_ids", Mask = "attention_mask", Types = "token_type_ids";
    private readonly OnnxModel _model;
    private readonly Tokenizer _tokenizer;
    private readonly IReadOnlyDictionary<string, byte[]> _files;
    private readonly string[] _inputs;
    private readonly string _output;
    private readonly int _length;

    private OnnxTextMap(
        OnnxModel model, Tokenizer tokenizer, IReadOnlyDictionary<string, byte[]> files, TokenPooling pooling, bool normalise, int most,
        string? output)
    {
        (_model, _tokenizer, _files, Pooling, Normalise) = (model, tokenizer, files, pooling, normalise);
        string[] known = [Ids, Mask, Types];
        _inputs = [.. model.Inputs.Keys];
        if (!_inputs.Contains(Ids) || _inputs.Any(name => !known.Contains(name) || model.Inputs[name] is not
            { IsTensor: true, ElementDataType: TensorElementType.Int64, Dimensions: [< 2, _] }))
        {
            throw model.Refuse($"a model of texts has inputs {Ids}, {Mask} and {Types}, int64[?, ?]; this one has "
                + $"{OnnxModel.Listed(model.Inputs)}.");
        }

        _length = model.Inputs[Ids].Dimensions[1];
        MostTokens = _length > 0 ? Math.Min(_length, most) : most;
        if (MostTokens <= tokenizer.Special)
            throw model.Refuse($"of {MostTokens} tokens, {tokenizer.Special} stand around every text; there has to be room for more.");
        _output = model.OutputOf(output, ["sentence_embedding", "last_hidden_state", "token_embeddings"], [3, 2]);
        Features = model.Outputs[_output].Dimensions[^1];
        if (Features < 1)
            throw model.Refuse(
                $"output {DataException.Quote(_output)} does not say how many numbers a vector has; name another (option output).");
    }

    /// <inheritdoc/>
    public static string Kind => "onnx-texts";

    /// <inheritdoc/>
    public int Features { get; }

    /// <inheritdoc/>
    public bool DependsOnLabels => false;

    /// <summary>How the vectors of a text's tokens become one.</summary>
    public TokenPooling Pooling { get; }

    /// <summary>Whether vectors are scaled to length 1.</summary>
    public bool Normalise { get; }

    /// <summary>The most tokens of a text; the rest is left out.</summary>
    public int MostTokens { get; }

    /// <summary>The output that features are taken from.</summary>
    public string Output => _output;

    /// <inheritdoc cref="OnnxImageMap.Cache"/>
    public FeatureCache? Cache { get; set; }

    /// <inheritdoc cref="OnnxImageMap.Runs"/>
    public long Runs => _model.Runs;

    /// <summary>Loads a model with its tokenizer.</summary>
    /// <param name="path">
    /// An <c>.onnx</c> file; a folder with one in it or in its folder <c>onnx</c>; or a NuGet package, or a library of
    /// one, that brings a model. The tokenizer (<c>tokenizer.json</c>, or <c>vocab.txt</c>, or <c>vocab.json</c> and
    /// <c>merges.txt</c>) is beside the model.
    /// </param>
    /// <param name="options">How to use it, where the files do not say so.</param>
    /// <remarks>
    /// How vectors are pooled and scaled is taken from the options; else from the files of Sentence Transformers beside
    /// the model (<c>1_Pooling/config.json</c>, <c>modules.json</c>, <c>sentence_bert_config.json</c>), or from what is
    /// known of the models MiniLM and Arctic by their names.
    /// </remarks>
    /// <exception cref="DataException">
    /// It is no ONNX model, does not take tokens, or has no tokenizer that is known.
    /// </exception>
    public static OnnxTextMap Load(string path, OnnxTextOptions? options = null)
    {
        options ??= new OnnxTextOptions();
        var files = ModelFiles.Open(path);
        var model = new OnnxModel(files.Model, files.Name);
        try
        {
            if (!model.Inputs.ContainsKey(Ids))
                throw model.Refuse("this model does not take texts: it has no input input_ids. Name a sentence model, or give it images.");
            (Tokenizer tokenizer, IReadOnlyDictionary<string, byte[]> found) = Tokenizer.Read(files.Find, files.Name);
            (TokenPooling? pooling, bool? normalise, int? most) = SettingsOf(files);
            return new OnnxTextMap(
                model, tokenizer, found, options.Pooling ?? pooling ?? TokenPooling.Mean, options.Normalise ?? normalise ?? false,
                options.MostTokens ?? most ?? tokenizer.MostTokens ?? UsualMost, options.Output);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public FeatureMatrix Transform(IReadOnlyList<string> texts, ParallelOptions? parallel = null) => Transform(texts, null, parallel);

    /// <summary>Maps texts.</summary>
    /// <param name="texts">n texts.</param>
    /// <param name="progress">Is told how many more texts are done.</param>
    /// <param name="parallel">How many threads may work, and when to stop; the features do not depend on it.</param>
    /// <returns>n×k features, float32.</returns>
    /// <exception cref="DataException">The model fails, or makes of a text what is not finite.</exception>
    /// <exception cref="OperationCanceledException">
    /// The work was to stop. What was computed is in the cache.
    /// </exception>
    public FeatureMatrix Transform(IReadOnlyList<string> texts, IProgress<int>? progress, ParallelOptions? parallel)
    {
        using FeatureCache.Rows? kept = Cache?.Open(Identity(), Features);
        return MappedRows.Compute(texts, Features, kept, Encoding.UTF8.GetBytes, (text, _, row) => Run(text, row), progress, parallel);
    }

    /// <inheritdoc/>
    public void Store(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        arrays.Add("model", _model.Bytes);
        arrays.Add("output", [_output]);
        arrays.Add("pooling", [$"{Pooling}"]);
        arrays.Add("settings", [Normalise ? 1 : 0, MostTokens]);
        arrays.Add("files", [.. _files.Keys]);
        foreach ((string name, byte[] file) in _files)
            arrays.Add(name, file);
    }

    /// <inheritdoc/>
    public static OnnxTextMap Restore(ModelArrays arrays)
    {
        ArgumentNullException.ThrowIfNull(arrays);
        var model = new OnnxModel(arrays.Bytes("model"), "the model inside");
        try
        {
            string[] names = arrays.Texts("files");
            (Tokenizer tokenizer, IReadOnlyDictionary<string, byte[]> files) =
                Tokenizer.Read(name => names.Contains(name) ? arrays.Bytes(name) : null, "the model inside");
            return Enum.TryParse(arrays.Texts("pooling").Single(), out TokenPooling pooling) && Enum.IsDefined(pooling)
                && arrays.Integers("settings") is [(0 or 1) and var normalise, > 0 and var most]
                ? new OnnxTextMap(model, tokenizer, files, pooling, normalise == 1, most, arrays.Texts("output").Single())
                : throw new ArgumentException("How vectors of tokens become one is not known.");
        }
        catch (DataException e)
        {
            model.Dispose();
            throw new ArgumentException(e.Message, e);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private void Run(string text, Span<float> row)
    {
        float[] features = new float[Features];
        OrtValue[] inputs = Tensors(text, out int tokens);
        try
        {
            _model.Run(_inputs, inputs, [_output], (_, values, shape) => Take(values, shape, tokens, features));
        }
        finally
        {
            foreach (OrtValue input in inputs)
                input.Dispose();
        }

        if (Array.FindIndex(features, value => !float.IsFinite(value)) is >= 0 and var bad)
        {
            throw new DataException(
                $"The model makes {features[bad]} (feature {bad}) of the text {DataException.Quote(text)}, and features "
                + "must be finite.");
        }

        features.CopyTo(row);
    }

    /// <summary>The inputs for one text: its tokens, which of them count, and that all are of one text.</summary>
    private OrtValue[] Tensors(string text, out int count)
    {
        int[] tokens = _tokenizer.Encode(text, MostTokens);
        count = tokens.Length;
        int length = _length > 0 ? _length : count;
        long[] ids = new long[length], mask = new long[length];
        Array.Fill(ids, _tokenizer.Padding);
        for (int i = 0; i < tokens.Length; i++)
            (ids[i], mask[i]) = (tokens[i], 1);
        return Array.ConvertAll(_inputs, name => OrtValue.CreateTensorValueFromMemory(
            name == Ids ? ids : name == Mask ? mask : new long[length], [1, length]));
    }

    private void Take(ReadOnlySpan<float> values, long[] shape, int tokens, Span<float> row)
    {
        if (shape[0] != 1 || shape[^1] != row.Length || shape.Length == 3 && shape[1] < tokens)
            throw _model.Refuse($"the model returned {string.Join(" × ", shape)} numbers for one text of {tokens} tokens.");
        int count = shape.Length == 3 && Pooling == TokenPooling.Mean ? tokens : 1;
        double squares = 0;
        for (int feature = 0; feature < row.Length; feature++)
        {
            double sum = 0;
            for (int token = 0; token < count; token++)
                sum += values[token * row.Length + feature];
            row[feature] = (float)(sum / count);
            squares += (double)row[feature] * row[feature];
        }

        // As torch.nn.functional.normalize.
        double norm = Math.Max(Math.Sqrt(squares), 1e-12);
        for (int feature = 0; Normalise && feature < row.Length; feature++)
            row[feature] = (float)(row[feature] / norm);
    }

    /// <summary>What Sentence Transformers wrote beside the model, or what is known of it by its name.</summary>
    private static (TokenPooling? Pooling, bool? Normalise, int? Most) SettingsOf(ModelFiles files)
    {
        TokenPooling? pooling = null;
        bool? normalise = null;
        int? most = null;
        try
        {
            if (files.Find(Path.Combine("1_Pooling", "config.json")) is { } config)
            {
                using var document = JsonDocument.Parse(config);
                bool Is(string mode) =>
                    document.RootElement.TryGetProperty($"pooling_mode_{mode}", out JsonElement value) && value.GetBoolean();
                pooling = Is("cls_token") ? TokenPooling.First : Is("mean_tokens") ? TokenPooling.Mean
                    : throw new DataException(
                        $"{files.Name}: the 1_Pooling/config.json beside the model asks for neither the mean of tokens "
                        + "nor the first; these are known.");
            }

            if (files.Find("modules.json") is { } modules)
                normalise = Encoding.UTF8.GetString(modules).Contains("Normalize", StringComparison.Ordinal);
            if (files.Find("sentence_bert_config.json") is { } sentences)
            {
                using var document = JsonDocument.Parse(sentences);
                if (document.RootElement.TryGetProperty("max_seq_length", out JsonElement length)
                    && length.ValueKind == JsonValueKind.Number)
                    most = length.GetInt32();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new DataException($"{files.Name}: the settings of Sentence Transformers beside the model cannot be read: {e.Message}", e);
        }

        return files.Name.Contains("MiniLM", StringComparison.OrdinalIgnoreCase)
            ? (pooling ?? TokenPooling.Mean, normalise ?? true, most ?? 256)
            : files.Name.Contains("Arctic", StringComparison.OrdinalIgnoreCase)
            ? (pooling ?? TokenPooling.First, normalise ?? true, most ?? UsualMost)
            : (pooling, normalise, most);
    }

    /// <summary>All that features follow from but for the text.</summary>
    private string Identity()
    {
        var identity = new StringBuilder($"{Kind} 1\n{_model.Hash}\n{_output} {Pooling} {Normalise} {MostTokens}\n");
        foreach ((string name, byte[] file) in _files)
            identity.Append(name).Append(' ').AppendLine(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)));
        return identity.ToString();
    }
}
