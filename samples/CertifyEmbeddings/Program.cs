// Certifies a classifier's predictions for new embeddings, and names the labels that the least certain of them rest on.
//
//   dotnet run -c Release --project samples/CertifyEmbeddings -- train.npy train-labels.csv new.npy
//
// A .npy of embeddings has a row for each example, as numpy.save(file, array) or certiflip features apply write it.
// Labels are a .csv with one column, or a .npy.
// The network that made the embeddings must not have been trained on the labels that are defended.
using CertiFlip;
using CertiFlip.Data;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: CertifyEmbeddings TRAIN.npy LABELS NEW.npy");
    return 2;
}

try
{
    Dataset train = DatasetReader.Read(args[0]).WithLabels(LabelReader.Read(args[1]), args[1]);
    FeatureMatrix newRows = DataColumns.Of(train).Align(DatasetReader.Read(args[2])).Features;
    TrainingSet training = train.ToTrainingSet();
    Certifier certifier = Certifier.Fit(training);

    Certificate[] exact = [.. certifier.CertifyBatch(newRows).Select(row => row.Exact)];
    Radius[] radii = [.. exact.Select(certificate => certificate.Radius).Order()];
    int classes = training.Classes.Count;
    Console.WriteLine(
        $"{train.Features.Rows} training embeddings of {train.Features.Columns} numbers, {classes} classes; {newRows.Rows} new ones");
    Console.WriteLine($"half of them survive any {radii[radii.Length / 2]} wrong labels, nine in ten any {radii[radii.Length / 10]}");
    foreach ((int row, Certificate certificate) in exact.Index().OrderBy(entry => entry.Item.Radius).Take(3))
    {
        Console.Write($"row {row}: {training.Classes[certificate.Prediction]}, survives {certificate.Radius}");
        Console.WriteLine(certifier.TryFindWitness(newRows.Row(row), out Witness? witness)
            ? $"; {training.Classes[witness.Rival]} with these labels: {string.Join(", ", witness.Flips.Select(InWords))}"
            : "; no wrong labels change it");
    }

    string InWords(LabelFlip flip) => $"training row {flip.Row} to {training.Classes[flip.To]}";

    return 0;
}
catch (Exception exception) when (exception is DataException or HeadException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}
