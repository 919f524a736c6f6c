// Images a second of OnnxImageMap, from files to features, beside a bare loop of ONNX Runtime over tensors in memory.
//   dotnet run -c Release --project bench/CertiFlip.EmbedSpeed -- MODEL.onnx IMAGES [COUNT] [ROUNDS]
using System.Diagnostics;
using System.Globalization;
using CertiFlip.Data;
using CertiFlip.Onnx;
using Microsoft.ML.OnnxRuntime;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int count = args.Length > 2 ? int.Parse(args[2]) : 400, rounds = args.Length > 3 ? int.Parse(args[3]) : 5;
StoredImage[] images = [.. ((ImageColumn)ImageFolder.Read(args[1]).Find("image")!).Values.Take(count)];
using OnnxImageMap map = OnnxImageMap.Load(args[0]);
using InferenceSession session = new(args[0]);
(string name, NodeMetadata input) = session.InputMetadata.Single();
int[] shape = [.. input.Dimensions.Skip(1)];
int numbers = shape.Aggregate((a, b) => a * b), batch = input.Dimensions[0] > 0 ? input.Dimensions[0] : 16;
float[] noise = new float[batch * numbers];
var random = new Random(1);
for (int i = 0; i < noise.Length; i++)
    noise[i] = (float)random.NextDouble() * 2 - 1;
Console.WriteLine($"{images.Length} images, {rounds} rounds, {Environment.ProcessorCount} processors");

// Each way in turn, so that what else the machine does falls on all alike. The first round warms up.
Dictionary<string, List<double>> rates = [];
for (int round = 0; round <= rounds; round++)
{
    Measure("bare loop, one at a time", () => Bare(1));
    if (batch > 1)
        Measure($"bare loop, {batch} at a time", () => Bare(batch));
    Measure("OnnxImageMap, from files", () => map.Transform(images));

    void Measure(string way, Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        if (round > 0)
            (rates.TryGetValue(way, out List<double>? all) ? all : rates[way] = []).Add(images.Length / watch.Elapsed.TotalSeconds);
    }
}

foreach ((string way, List<double> all) in rates)
    Console.WriteLine($"{way,-28}{all.Order().ElementAt(all.Count / 2),8:F1} images/s (from {all.Min():F1} to {all.Max():F1})");

// All processors in one run, as ONNX Runtime does where nothing is said.
void Bare(int size)
{
    string[] outputs = [.. map.Outputs];
    for (int done = 0; done < images.Length; done += size)
    {
        using var options = new RunOptions();
        using OrtValue tensor = OrtValue.CreateTensorValueFromMemory(
            noise[..(size * numbers)], [size, .. shape.Select(length => (long)length)]);
        using IDisposableReadOnlyCollection<OrtValue> made = session.Run(options, [name], [tensor], outputs);
    }
}
